{{- define "miscord.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The component keeps the selectors apart from those of other workloads that the chart may get. */}}
{{- define "miscord.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: node
{{- end -}}

{{- define "miscord.labels" -}}
{{ include "miscord.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "miscord.secretName" -}}
{{- default (include "miscord.fullname" .) .Values.secrets.existingSecret -}}
{{- end -}}

{{- define "miscord.storage" -}}
{{- $s3 := .Values.storage.s3 -}}
{{- if $s3.bucket -}}
{{- $query := list -}}
{{- range $name := list "endpoint" "region" "style" -}}
{{- with index $s3 $name -}}{{- $query = append $query (printf "%s=%s" $name (urlquery .)) -}}{{- end -}}
{{- end -}}
s3://{{ $s3.bucket }}{{ with $s3.prefix }}/{{ trimAll "/" . }}{{ end }}{{ with $query }}?{{ join "&" . }}{{ end }}
{{- else -}}
file:///uploads
{{- end -}}
{{- end -}}

{{/* Connections of a pod at which another one is wanted. */}}
{{- define "miscord.connectionsTarget" -}}
{{- div (mul (int64 .Values.maxConnections) (int64 .Values.autoscaling.connections.targetPercent)) 100 -}}
{{- end -}}

{{/* The autoscaler is KEDA's own then. */}}
{{- define "miscord.usesKeda" -}}
{{- with .Values.autoscaling -}}
{{- if and .enabled (eq .metric "connections") (eq .connections.source "keda") -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* The job of this instance in Prometheus. */}}
{{- define "miscord.job" -}}
miscord/{{ .Release.Namespace }}/{{ include "miscord.fullname" . }}
{{- end -}}

{{/* Not empty: media come through TURN over TCP or TLS, too, which have a second UDP port. */}}
{{- define "miscord.turnedPort" -}}
{{- $urls := default "" .Values.settings.TURN_URLS -}}
{{- if or (contains "turns:" $urls) (contains "transport=tcp" $urls) -}}
{{- add (int64 .Values.voice.hostPort.port) 100 -}}
{{- end -}}
{{- end -}}
