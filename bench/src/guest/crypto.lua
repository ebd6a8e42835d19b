-- What `openssl speed` does, but so much of it instead of for so long: crypto.lua ALGORITHM WORK
local algorithm, work = arg[1], tonumber(arg[2])
local cipher, digest, pkey = require "openssl.cipher", require "openssl.digest", require "openssl.pkey"
local block = string.rep("0123456789abcdef", 1024)
local key, iv = string.rep("k", 32), string.rep("i", 16)

local function sha256(text)
  return digest.new("sha256"):final(text)
end

--- Encrypts so many blocks of 16 KiB; the sum is over the last one and what the cipher adds to it.
local function encrypt(encryption)
  local last
  for _ = 1, work do
    last = encryption:update(block)
  end
  return last .. encryption:final()
end

local function hash(name)
  local hashing = digest.new(name)
  for _ = 1, work do
    hashing:update(block)
  end
  return hashing:final()
end

local algorithms = {
  ["aes-256-cbc"] = function() return encrypt(cipher.new("aes-256-cbc"):encrypt(key, iv)) end,
  ["aes-256-gcm"] = function()
    local encryption = cipher.new("aes-256-gcm"):encrypt(key, string.sub(iv, 1, 12))
    return encrypt(encryption) .. encryption:getTag(16)
  end,
  sha256 = function() return hash("sha256") end,
  sha512 = function() return hash("sha512") end,
  rsa2048 = function()
    local file = assert(io.open("rsa2048.pem"))
    local private = pkey.new(file:read("a"))
    file:close()
    local signature = ""
    for _ = 1, work do
      signature = private:sign(digest.new("sha256"):update(signature))
    end
    return signature
  end,
}

print((string.gsub(sha256(algorithms[algorithm]()), ".", function(byte) return string.format("%02x", string.byte(byte)) end)))
