--- `:checkhealth medcode`.

local cli = require('medcode.cli')
local client = require('medcode.client')
local config = require('medcode.config')
local status = require('medcode.status')

local M = {}

---The oldest version of the binary that this plugin works with.
local OLDEST_BINARY = '0.1.0'

---How long `medcode --version` may take, in milliseconds.
local VERSION_TIMEOUT_MS = 1000

---The official code sets change once or twice a year; older data has missed at least one change.
local OLD_RELEASE_DAYS = 366

local INSTALL_ADVICE = 'run "medcode catalog install" in a terminal'

---Completion plugins that show what a language server offers, by the module they load.
local COMPLETION_PLUGINS = { 'blink.cmp', 'cmp', 'mini.completion', 'coq', 'ddc' }

---@return vim.SystemCompleted? result of `medcode --version`; nil when it could not be started or did not end in time
local function run_version()
  local started, process = pcall(vim.system, config.command('--version'), { text = true, timeout = VERSION_TIMEOUT_MS })
  local result = started and process:wait() or nil
  return result and result.signal == 0 and result or nil
end

local function check_neovim()
  vim.health.start('medcode: Neovim')
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok(('%s has vim.lsp.enable'):format(version))
    if vim.lsp.is_enabled and not vim.lsp.is_enabled(client.NAME) then
      vim.health.warn('medcode is not enabled', { "put vim.lsp.enable('medcode') into init.lua" })
    end
  else
    vim.health.ok(('%s: medcode starts with Markdown and text files by itself'):format(version))
  end
end

local function check_settings()
  vim.health.start('medcode: settings')
  local problems = config.problems()
  for _, problem in ipairs(problems) do
    vim.health.error(problem, { 'see :help medcode-settings' })
  end
  if #problems == 0 then
    vim.health.ok(vim.g.medcode == nil and 'defaults' or 'vim.g.medcode is valid')
  end
end

---Files whose settings are looked at.
local MAX_NOTES = 10

---Asks the binary which settings govern the open notes, and what of them it did not understand.
local function check_project()
  vim.health.start('medcode: medcode.toml')
  local seen, count, problems = {}, 0, false
  for _, own in ipairs(client.clients()) do
    for bufnr in pairs(own.attached_buffers) do
      local name = vim.api.nvim_buf_get_name(bufnr)
      if count < MAX_NOTES and vim.uv.fs_stat(name) then
        count = count + 1
        local command = config.command('check', '--settings', '--', name)
        local started, process = pcall(vim.system, command, { text = true, timeout = VERSION_TIMEOUT_MS })
        local said = started and process:wait().stderr or ''
        for line in said:gmatch('[^\r\n]+') do
          if not seen[line] then
            seen[line], problems = true, true
            vim.health.warn((line:gsub('^warning: ', '')), { 'see docs/configuration.md of medcode' })
          end
        end
      end
    end
  end
  if count == 0 then
    vim.health.info('no note is open; each is governed by the nearest medcode.toml above it')
  elseif not problems then
    vim.health.ok(('understood, for %d open note%s'):format(count, count == 1 and '' or 's'))
  end
end

---@return boolean usable whether further questions to the binary make sense
local function check_binary()
  vim.health.start('medcode: binary')
  if not config.executable() then
    vim.health.error(config.not_found(), { 'see :help medcode-install' })
    return false
  end
  vim.health.ok(('found %s'):format(vim.fn.exepath(config.get().cmd[1])))
  local result = run_version()
  if not result or result.code ~= 0 then
    vim.health.error(('"medcode --version" gave no answer within %d ms'):format(VERSION_TIMEOUT_MS))
    return false
  end
  local said = vim.trim(result.stdout or '')
  local version = vim.version.parse(said:match('%d+%.%d+%.%d+%S*') or '')
  if not version then
    vim.health.error(('"medcode --version" gave no version but "%s"'):format(said), { 'is it another program?' })
    return false
  end
  if vim.version.lt(version, OLDEST_BINARY) then
    vim.health.error(('version %s is older than %s'):format(version, OLDEST_BINARY), { 'install a newer medcode' })
    return false
  end
  vim.health.ok(said)
  return true
end

---Whole days from a date to today; nil when it is not a date.
---@param date string `YYYY-MM-DD`
---@return integer?
local function age_in_days(date)
  local year, month, day = date:match('^(%d%d%d%d)-(%d%d)-(%d%d)')
  if not year then
    return nil
  end
  local then_seconds = os.time({ year = tonumber(year), month = tonumber(month), day = tonumber(day) })
  return math.floor((os.time() - then_seconds) / 86400)
end

local function check_catalog()
  vim.health.start('medcode: catalog')
  local answer, problem = cli.ask_and_wait('lookup', { 'E11.9' })
  local release = answer and vim.tbl_get(answer, 'results', 1, 'release')
  if problem then
    vim.health.warn(problem, { INSTALL_ADVICE })
  elseif type(release) ~= 'string' then
    vim.health.warn('the catalog does not know E11.9', { INSTALL_ADVICE })
  else
    local age = age_in_days(release)
    if age and age > OLD_RELEASE_DAYS then
      vim.health.warn(('the ICD-10-CM release %s is %d days old'):format(release, age), { INSTALL_ADVICE })
    else
      vim.health.ok(('ICD-10-CM release %s'):format(release))
    end
  end
end

local function check_server()
  vim.health.start('medcode: language server')
  local clients = client.clients()
  if #clients == 0 then
    vim.health.info('not running; it starts with the first Markdown or text file')
  end
  for _, running in ipairs(clients) do
    local state = status.of(running.id)
    local report = state and state.health == 'error' and vim.health.error
      or state and state.health == 'warning' and vim.health.warn
      or vim.health.ok
    report(table.concat(status.lines(state), '\n'))
  end
end

---Neovim applies edits wrongly when two servers of one buffer count columns differently.
local function check_encodings()
  for _, own in ipairs(client.clients()) do
    for bufnr in pairs(own.attached_buffers) do
      for _, other in ipairs(vim.lsp.get_clients({ bufnr = bufnr })) do
        if other.offset_encoding ~= own.offset_encoding then
          vim.health.warn(
            ('buffer %d: %s counts in %s, medcode in %s'):format(
              bufnr,
              other.name,
              other.offset_encoding,
              own.offset_encoding
            ),
            { 'see :help medcode-encoding' }
          )
        end
      end
    end
  end
end

---@return boolean
local function completes_while_typing()
  for _, own in ipairs(client.clients()) do
    for bufnr in pairs(own.attached_buffers) do
      for _, autocommand in ipairs(vim.api.nvim_get_autocmds({ event = 'InsertCharPre', buffer = bufnr })) do
        if (autocommand.group_name or ''):find('lsp.completion', 1, true) then
          return true
        end
      end
    end
  end
  return false
end

local function check_completion()
  vim.health.start('medcode: completion')
  for _, module in ipairs(COMPLETION_PLUGINS) do
    if package.loaded[module] then
      vim.health.ok(('%s is loaded'):format(module))
      return
    end
  end
  if completes_while_typing() then
    vim.health.ok('vim.lsp.completion opens the list while typing')
  else
    vim.health.info('the list opens by <C-x><C-o>; to open it while typing see :help medcode-completion')
  end
end

---Called by `:checkhealth medcode`.
function M.check()
  check_neovim()
  check_settings()
  if check_binary() then
    check_project()
    check_catalog()
  end
  check_server()
  check_encodings()
  check_completion()
end

return M
