/**
 * Lua scripts of the cluster. `prefix` stands for the instance's prefix of keys:
 *
 * - `prefix nodes`: set of the ids of all nodes that have not been found dead
 * - `prefix lease:<id>`: the token of the node's lease, which expires with it
 * - `prefix entries:<id>`: the node's entries by map and key; the empty field holds the number of its last change
 * - `prefix claim:<name>`: id and token of the owner
 * - `prefix claims:<id>`: set of the names that the node has claimed
 * - `prefix budget:<name>:<key>`: tokens and the time when there were that many
 *
 * The channel `prefix changes` carries JSON arrays: the node's id, its token, the number of the change (-1: the node is
 * gone), and the changes; without them the entries are to be loaded anew.
 */
const removeNode = `
local function freeClaims(prefix, id)
  for _, name in ipairs(redis.call('SMEMBERS', prefix .. 'claims:' .. id)) do
    local owner = redis.call('GET', prefix .. 'claim:' .. name)
    if owner and string.sub(owner, 1, #id + 1) == id .. ' ' then redis.call('DEL', prefix .. 'claim:' .. name) end
  end
  redis.call('DEL', prefix .. 'claims:' .. id)
end
local function remove(prefix, id)
  freeClaims(prefix, id)
  redis.call('DEL', prefix .. 'entries:' .. id, prefix .. 'lease:' .. id)
  redis.call('SREM', prefix .. 'nodes', id)
  redis.call('PUBLISH', prefix .. 'changes', cjson.encode({ id, '', -1 }))
end
`;

/** Gives id, token and number of the last change of each living node, and removes the dead ones. */
const livingNodes = `${removeNode}
local function living(prefix)
  local found = {}
  for _, id in ipairs(redis.call('SMEMBERS', prefix .. 'nodes')) do
    local token = redis.call('GET', prefix .. 'lease:' .. id)
    if token then
      found[#found + 1] = id
      found[#found + 1] = token
      found[#found + 1] = redis.call('HGET', prefix .. 'entries:' .. id, '') or '0'
    else
      remove(prefix, id)
    end
  end
  return found
end
`;

/** prefix, id, token, lease in ms, message, then field and value of each entry. Gives the living nodes. */
export const joinScript = `${livingNodes}
local prefix, id, token = ARGV[1], ARGV[2], ARGV[3]
freeClaims(prefix, id)
redis.call('DEL', prefix .. 'entries:' .. id)
redis.call('SADD', prefix .. 'nodes', id)
redis.call('SET', prefix .. 'lease:' .. id, token, 'PX', ARGV[4])
redis.call('HSET', prefix .. 'entries:' .. id, '', '0')
for i = 6, #ARGV, 2 do redis.call('HSET', prefix .. 'entries:' .. id, ARGV[i], ARGV[i + 1]) end
redis.call('PUBLISH', prefix .. 'changes', ARGV[5])
return living(prefix)
`;

/** prefix, id, token, lease in ms. Gives the living nodes, or nothing when the lease has ended. */
export const renewScript = `${livingNodes}
local lease = ARGV[1] .. 'lease:' .. ARGV[2]
if redis.call('GET', lease) ~= ARGV[3] then return {} end
redis.call('PEXPIRE', lease, ARGV[4])
return living(ARGV[1])
`;

/**
 * prefix, id, token, number of this change and of the one before, message, then field and value of each changed entry;
 * an empty value deletes. Without a number before, replaces all entries. Gives 0 when the change does not apply.
 */
export const changeScript = `
local prefix, id = ARGV[1], ARGV[2]
local entries = prefix .. 'entries:' .. id
if redis.call('GET', prefix .. 'lease:' .. id) ~= ARGV[3] then return 0 end
if ARGV[5] == '' then
  redis.call('DEL', entries)
elseif redis.call('HGET', entries, '') ~= ARGV[5] then
  return 0
end
for i = 7, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', entries, ARGV[i]) else redis.call('HSET', entries, ARGV[i], ARGV[i + 1]) end
end
redis.call('HSET', entries, '', ARGV[4])
redis.call('PUBLISH', prefix .. 'changes', ARGV[6])
return 1
`;

/** prefix, id. Gives the token of the node's lease, then field and value of each entry; nothing for a dead node. */
export const loadScript = `
local token = redis.call('GET', ARGV[1] .. 'lease:' .. ARGV[2])
if not token then return {} end
local loaded = redis.call('HGETALL', ARGV[1] .. 'entries:' .. ARGV[2])
table.insert(loaded, 1, token)
return loaded
`;

/**
 * prefix, id, token, name, seconds. Gives the owner's id; an empty id when the own lease has ended; or the seconds to
 * wait: a Redis that has just started has forgotten the claims of nodes that do not know it yet.
 */
export const claimScript = `
local prefix, id, token, name = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('GET', prefix .. 'lease:' .. id) ~= token then return '' end
local claim = prefix .. 'claim:' .. name
local owner = redis.call('GET', claim)
if owner then
  local ownerId, ownerToken = string.match(owner, '^(%S+) (%S+)$')
  if redis.call('GET', prefix .. 'lease:' .. ownerId) == ownerToken then return ownerId end
end
local info = redis.pcall('INFO', 'server')
local uptime = type(info) == 'string' and tonumber(string.match(info, 'uptime_in_seconds:(%d+)'))
if uptime and uptime < tonumber(ARGV[5]) then return tonumber(ARGV[5]) - uptime end
redis.call('SET', claim, id .. ' ' .. token)
redis.call('SADD', prefix .. 'claims:' .. id, name)
return id
`;

/** prefix, id, token, name. */
export const releaseScript = `
local claim = ARGV[1] .. 'claim:' .. ARGV[4]
if redis.call('GET', claim) ~= ARGV[2] .. ' ' .. ARGV[3] then return 0 end
redis.call('DEL', claim)
redis.call('SREM', ARGV[1] .. 'claims:' .. ARGV[2], ARGV[4])
return 1
`;

/** prefix, id, token. */
export const leaveScript = `${removeNode}
if redis.call('GET', ARGV[1] .. 'lease:' .. ARGV[2]) ~= ARGV[3] then return 0 end
remove(ARGV[1], ARGV[2])
return 1
`;

/**
 * Keys: token buckets. `take` or `force`; then for each: tokens per second, burst, cost; a negative cost returns tokens.
 * Gives for each 0, or the milliseconds until there are enough; `force` takes them in any case, and gives what is left, as
 * text: Redis cuts a number's fraction off. The time is Redis's own, and a bucket expires when it is full again.
 */
export const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local isForced = ARGV[1] == 'force'
local answers = {}
for i, key in ipairs(KEYS) do
  local perSecond, burst, cost = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local kept = redis.call('GET', key)
  local tokens = burst
  if kept then
    local had, at = string.match(kept, '^(%S+) (%S+)$')
    tokens = math.min(burst, had + math.max(0, now - at) * perSecond / 1000)
  end
  answers[i] = isForced and string.format('%.6f', tokens - cost) or 0
  if tokens < cost and not isForced then
    answers[i] = math.ceil((cost - tokens) / perSecond * 1000)
  elseif tokens - cost >= burst then
    redis.call('DEL', key)
  else
    tokens = tokens - cost
    local fullMs = math.ceil((burst - tokens) / perSecond * 1000)
    redis.call('SET', key, string.format('%.6f %.3f', tokens, now), 'PX', math.max(1, fullMs))
  end
end
return answers
`;
