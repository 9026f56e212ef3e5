--- Where the binary is looked for, and what becomes of right and wrong settings.

local config = require('medcode.config')
local t = require('harness')

---@param environment string? value of MEDCODE_PATH
---@param given any value of vim.g.medcode
local function set(environment, given)
  t.replace(vim.env, 'MEDCODE_PATH', environment)
  t.replace(vim.g, 'medcode', given)
end

---The configuration as Neovim gets it from lsp/medcode.lua.
---@return vim.lsp.Config
local function lsp_config()
  return dofile(vim.env.MEDCODE_TEST_PLUGIN .. '/lsp/medcode.lua')
end

t.test('takes medcode from PATH when nothing is set', function()
  set(nil, nil)
  t.equal(lsp_config().cmd, { 'medcode', 'lsp' })
end)

t.test('prefers MEDCODE_PATH to PATH', function()
  set('/opt/medcode/bin/medcode', nil)
  t.equal(lsp_config().cmd, { '/opt/medcode/bin/medcode', 'lsp' })
end)

t.test('treats an empty MEDCODE_PATH as unset', function()
  set('', nil)
  t.equal(config.get().cmd, { 'medcode' })
end)

t.test('prefers vim.g.medcode.cmd to MEDCODE_PATH', function()
  set('/opt/medcode/bin/medcode', { cmd = '~/medcode' })
  t.equal(lsp_config().cmd, { vim.fs.normalize('~/medcode'), 'lsp' })
end)

t.test('appends the subcommand to a command of several words', function()
  set(nil, { cmd = { 'nice', 'medcode' } })
  t.equal(config.command('lookup', 'E11.9'), { 'nice', 'medcode', 'lookup', 'E11.9' })
  t.equal(config.get().cmd, { 'nice', 'medcode' })
end)

t.test('takes the result when vim.g.medcode is a function', function()
  set(nil, function()
    return { settings = { asOf = '2026-03-02' } }
  end)
  t.equal(lsp_config().settings, { medcode = { asOf = '2026-03-02' } })
end)

t.test('sends an object when there are no settings', function()
  set(nil, nil)
  t.equal(vim.json.encode(lsp_config().settings), '{"medcode":{}}')
end)

t.test('works without the rest of the plugin', function()
  set('/opt/medcode/bin/medcode', { cmd = 'not asked' })
  t.replace(package.loaded, 'medcode.config', nil)
  t.replace(vim.o, 'runtimepath', vim.env.VIMRUNTIME)
  t.equal(pcall(require, 'medcode.config'), false)
  local alone = lsp_config()
  t.equal(alone.cmd, { '/opt/medcode/bin/medcode', 'lsp' })
  t.equal(vim.json.encode(alone.settings), '{"medcode":{}}')
  alone.handlers['medcode/status'](nil, { health = 'ok' }, { client_id = 1, method = 'medcode/status' })
end)

t.test('names every mistake and keeps what is right', function()
  set(nil, { cmd = { 'medcode', 1 }, settings = { asOf = '2026-03-02' }, comand = 'x' })
  t.equal(config.get(), { cmd = { 'medcode' }, settings = { asOf = '2026-03-02' } })
  t.equal(config.problems(), {
    'vim.g.medcode.cmd must be the path of the binary, or a list of words',
    'vim.g.medcode.comand is not a setting; there are cmd and settings',
  })
end)

t.test('survives a list of settings, a wrong type and a function that fails', function()
  set(nil, { settings = { 'asOf' } })
  t.equal(config.get().settings, {})
  t.contains(config.problems()[1], 'vim.g.medcode.settings must be a table')
  set(nil, 'medcode')
  t.equal(config.problems(), { 'vim.g.medcode must be a table or return one, not a string' })
  set(nil, function()
    error('no such file')
  end)
  t.contains(config.problems()[1], 'no such file')
  t.equal(config.get().cmd, { 'medcode' })
end)

t.test('reports mistakes on the health page', function()
  set(nil, { cmd = '/nowhere/medcode', colour = 'red' })
  vim.cmd.checkhealth('medcode')
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  t.contains(text, 'vim.g.medcode.colour is not a setting')
  t.contains(text, 'the medcode binary "/nowhere/medcode" was not found')
end)

t.run()
