-- Tables, strings, closures and calls: what scripts do. lua.lua ROUNDS
local rounds = tonumber(arg[1])

local function permute(items, n, visit)
  if n == 0 then
    visit(items)
  else
    for i = 1, n do
      items[i], items[n] = items[n], items[i]
      permute(items, n - 1, visit)
      items[i], items[n] = items[n], items[i]
    end
  end
end

local function sieve(limit)
  local composite, count = {}, 0
  for i = 2, limit do
    if not composite[i] then
      count = count + 1
      for j = i * i, limit, i do
        composite[j] = true
      end
    end
  end
  return count
end

local function words(count)
  local seen, distinct = {}, 0
  for i = 1, count do
    local word = string.format("%x", i * i % 4099)
    if not seen[word] then
      seen[word] = #word
      distinct = distinct + seen[word]
    end
  end
  return distinct
end

local Stack = {}
Stack.__index = Stack

function Stack.new()
  return setmetatable({ size = 0 }, Stack)
end

function Stack:push(value)
  self.size = self.size + 1
  self[self.size] = value
end

function Stack:pop()
  local value = self[self.size]
  self[self.size] = nil
  self.size = self.size - 1
  return value
end

local sum = 0
for round = 1, rounds do
  local stack = Stack.new()
  permute({ 1, 2, 3, 4, 5, 6, 7 }, 7, function(items) stack:push(items[1] * 10 + items[7]) end)
  while stack.size > 0 do
    sum = (sum * 3 + stack:pop()) % 1000003
  end
  sum = sum + sieve(20000 + round) + words(4000)
end
print(sum)
