{{/* Refuses what would install and then not work. */}}
{{- define "miscord.validate" -}}
{{- $v := .Values -}}
{{- if not $v.image.repository -}}
{{- fail "Set image.repository: where you pushed the image that deploy/Dockerfile makes." -}}
{{- end -}}
{{- if not $v.publicUrl -}}
{{- fail "Set publicUrl: the address at which people open this instance, such as https://chat.example.org." -}}
{{- end -}}
{{- if and $v.secrets.existingSecret $v.secrets.values -}}
{{- fail "Set either secrets.existingSecret or secrets.values, not both." -}}
{{- end -}}
{{- if not $v.secrets.existingSecret -}}
{{- range $name, $what := dict "DATABASE_URL" "PostgreSQL" "REDIS_URL" "Redis" -}}
{{- if not (index $v.secrets.values $name) -}}
{{- fail (printf "Set secrets.existingSecret, or secrets.values.%s: on Kubernetes Miscord needs PostgreSQL and Redis, which this chart does not bring. With the embedded database it is one process on one machine: see docs/operations.md." $name) -}}
{{- end -}}
{{- end -}}
{{- if and $v.settings.TURN_URLS (not $v.secrets.values.TURN_SECRET) -}}
{{- fail "Set secrets.values.TURN_SECRET: it goes with settings.TURN_URLS." -}}
{{- end -}}
{{- end -}}
{{- $s3 := $v.storage.s3 -}}
{{- if and $s3.bucket $v.storage.existingClaim -}}
{{- fail "Set either storage.s3.bucket or storage.existingClaim, not both." -}}
{{- end -}}
{{- if not (or $s3.bucket $v.storage.existingClaim) -}}
{{- fail "Set storage.s3.bucket or storage.existingClaim (ReadWriteMany): all pods need the same uploads." -}}
{{- end -}}
{{- if and $s3.bucket (not $v.secrets.existingSecret) (not (and $v.secrets.values.S3_ACCESS_KEY_ID $v.secrets.values.S3_SECRET_ACCESS_KEY)) -}}
{{- fail "Set secrets.values.S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: they go with storage.s3.bucket." -}}
{{- end -}}
{{- if $v.httpRoute.enabled -}}
{{- if not (and $v.httpRoute.parentRefs $v.httpRoute.hostnames) -}}
{{- fail "Set httpRoute.parentRefs and httpRoute.hostnames." -}}
{{- end -}}
{{- if not $v.trustedProxies -}}
{{- fail "Set trustedProxies to the network of the gateway's pods: otherwise all people share one address and its limits." -}}
{{- end -}}
{{- end -}}
{{- if lt (int64 $v.terminationGracePeriodSeconds) (add (int64 $v.preStopSeconds) 15) -}}
{{- fail "Set terminationGracePeriodSeconds to preStopSeconds + 15 at least: a pod that is killed earlier cuts its sockets off." -}}
{{- end -}}
{{- with $v.autoscaling -}}
{{- if lt (int64 .maxReplicas) (int64 .minReplicas) -}}
{{- fail "autoscaling.maxReplicas is less than autoscaling.minReplicas." -}}
{{- end -}}
{{- if and .enabled (eq .metric "cpu") (not (dig "requests" "cpu" "" $v.resources)) -}}
{{- fail "Set resources.requests.cpu: autoscaling.cpu.targetPercent is a share of it." -}}
{{- end -}}
{{- end -}}
{{- if and (include "miscord.usesKeda" .) (not $v.autoscaling.keda.serverAddress) -}}
{{- fail "Set autoscaling.keda.serverAddress: the Prometheus that KEDA asks for the connections." -}}
{{- end -}}
{{- end -}}
