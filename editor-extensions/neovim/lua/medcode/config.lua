--- The plugin's own settings: what `vim.g.medcode` may hold, and where the `medcode` binary is.
---
--- Nothing here is kept: `vim.g.medcode` is read each time, so a change acts at the next use.

local M = {}

---What a user may put into `vim.g.medcode`, directly or as the result of a function.
---@class medcode.UserConfig
---The binary, as a path or name, or a command to which the subcommand is appended.
---Default: the environment variable `MEDCODE_PATH`, else `medcode` on `PATH`.
---@field cmd? string|string[]
---Settings of the language server, the keys of `medcode.toml`. Default: none.
---@field settings? table<string, any>

---@class medcode.Config
---@field cmd string[] never empty
---@field settings table<string, any>

---@param value any
---@return boolean
local function is_command(value)
  if type(value) == 'string' then
    return value ~= ''
  end
  if type(value) ~= 'table' or not vim.islist(value) or #value == 0 then
    return false
  end
  for _, word in ipairs(value) do
    if type(word) ~= 'string' or word == '' then
      return false
    end
  end
  return true
end

---@param value any
---@return boolean
local function is_settings(value)
  return type(value) == 'table' and (next(value) == nil or not vim.islist(value))
end

---Every key there is, with its check and what to write instead.
---@type table<string, { accepts: (fun(value: any): boolean), expected: string }>
local KEYS = {
  cmd = { accepts = is_command, expected = 'the path of the binary, or a list of words' },
  settings = { accepts = is_settings, expected = "a table with the keys of medcode.toml, e.g. { asOf = '2026-03-02' }" },
}

---Reads `vim.g.medcode` and keeps of it what is right.
---@return medcode.UserConfig config
---@return string[] problems one sentence for each mistake, for the health page
local function read()
  local given = vim.g.medcode
  if given == nil then
    return {}, {}
  end
  if vim.is_callable(given) then
    local ran, result = pcall(given)
    if not ran then
      return {}, { ('the function vim.g.medcode failed: %s'):format(result) }
    end
    given = result
  end
  if type(given) ~= 'table' then
    return {}, { ('vim.g.medcode must be a table or return one, not a %s'):format(type(given)) }
  end

  local config, problems = {}, {}
  for key, value in vim.spairs(given) do
    local known = KEYS[key]
    if not known then
      problems[#problems + 1] = ('vim.g.medcode.%s is not a setting; there are cmd and settings'):format(key)
    elseif not known.accepts(value) then
      problems[#problems + 1] = ('vim.g.medcode.%s must be %s'):format(key, known.expected)
    else
      config[key] = value
    end
  end
  return config, problems
end

---The settings in force. Mistakes are left out; `problems()` names them.
---@return medcode.Config
function M.get()
  local given = read()
  local cmd = given.cmd or vim.env.MEDCODE_PATH
  if cmd == nil or cmd == '' then
    cmd = 'medcode'
  end
  if type(cmd) == 'string' then
    cmd = { vim.fs.normalize(cmd) }
  end
  return { cmd = cmd, settings = given.settings or {} }
end

---@return string[] problems one sentence for each mistake in `vim.g.medcode`
function M.problems()
  local _, problems = read()
  return problems
end

---The command line that runs the binary with these arguments.
---@param ... string
---@return string[]
function M.command(...)
  return vim.list_extend(vim.list_slice(M.get().cmd), { ... })
end

---Whether the binary can be run.
---@return boolean
function M.executable()
  return vim.fn.executable(M.get().cmd[1]) == 1
end

---What to tell somebody whose binary was not found.
---@return string
function M.not_found()
  return ('the medcode binary "%s" was not found: put it on PATH, or set MEDCODE_PATH or vim.g.medcode.cmd'):format(
    M.get().cmd[1]
  )
end

return M
