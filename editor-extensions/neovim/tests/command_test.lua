--- The command, the pages and the status texts, without a server.

local command = require('medcode.command')
local lookup = require('medcode.lookup')
local status = require('medcode.status')
local t = require('harness')

---@return string[] said messages shown from here on
local function collect_messages()
  local said = {}
  t.replace(vim, 'notify', function(message)
    said[#said + 1] = message
  end)
  return said
end

t.test('completes subcommands, and arguments where they are known', function()
  t.equal(vim.fn.getcompletion('Medcode ', 'cmdline'), {
    'catalog',
    'fix',
    'ignore',
    'log',
    'lookup',
    'restart',
    'search',
    'status',
  })
  t.equal(vim.fn.getcompletion('Medcode l', 'cmdline'), { 'log', 'lookup' })
  t.equal(vim.fn.getcompletion('Medcode catalog i', 'cmdline'), { 'import', 'install' })
  t.equal(command.complete('', 'Medcode lookup '), {})
  t.equal(command.complete('i', 'Medcode catalog import i'), {})
  t.equal(command.complete('', 'Medcode nonsense '), {})
end)

t.test('names the subcommands when one is not known', function()
  local said = collect_messages()
  vim.cmd.Medcode('lokup')
  t.equal(said, {
    'medcode: there is no subcommand "lokup", but catalog, fix, ignore, log, lookup, restart, search, status',
  })
end)

t.test('says so when nothing can be fixed or ignored here', function()
  local said = collect_messages()
  vim.cmd.enew()
  vim.cmd.Medcode('fix')
  vim.cmd.Medcode({ args = { 'ignore', 'because' } })
  t.equal(said, { 'medcode: no server is attached to this buffer', 'medcode: no server is attached to this buffer' })
end)

t.test('takes the preferred fix, else the first, and nothing that only accepts', function()
  local first_fix = require('medcode.issues').first_fix
  local edit = { changes = {} }
  local ignore = { title = 'Ignore expired-code here', edit = edit }
  local one = { title = 'Replace by N18.30', edit = edit }
  local two = { title = 'Replace by N18.31', edit = edit }
  t.equal(first_fix({ ignore, one, two }), one)
  local preferred = { title = 'Replace by N18.32', edit = edit, isPreferred = true }
  t.equal(first_fix({ one, preferred }), preferred)
  local disabled = { title = 'Replace by N18.3', edit = edit, disabled = { reason = 'claims have no comments' } }
  t.equal(first_fix({ ignore, disabled, { title = 'Ignore in project', command = 'x' } }), nil)
end)

t.test('gives the tokens of medcode colours that a user can change', function()
  local linked = function(token)
    return vim.api.nvim_get_hl(0, { name = '@lsp.type.' .. token }).link
  end
  t.equal(linked('medcodeDiagnosis'), 'Constant')
  t.equal(linked('medcodeProcedure'), 'Function')
  t.equal(linked('medcodeSupply'), 'Identifier')
  t.equal(linked('medcodeModifier'), 'PreProc')
  vim.api.nvim_set_hl(0, '@lsp.type.medcodeSupply', { link = 'Special' })
  vim.g.loaded_medcode = nil
  vim.cmd.runtime('plugin/medcode.lua')
  t.equal(linked('medcodeSupply'), 'Special')
  vim.cmd.colorscheme('default')
  t.equal(linked('medcodeDiagnosis'), 'Constant')
end)

t.test('runs the catalog commands in a terminal', function()
  vim.cmd.Medcode({ args = { 'catalog', 'path' } })
  t.equal(vim.bo.buftype, 'terminal')
  local wanted = vim.fs.joinpath(vim.env.MEDCODE_DATA_DIR, 'catalog.db')
  t.eventually('the path of the catalog', function()
    return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false)):find(wanted, 1, true)
  end)
end)

t.test('shows dates, path and notes of a code', function()
  local page = lookup.page({
    system = 'icd-10-cm',
    code = 'E11.9',
    found = true,
    display = 'Type 2 diabetes mellitus without complications',
    billable = true,
    valid_from = '2015-10-01',
    release = '2026-04-01',
    ancestors = { { code = 'E11', display = 'Type 2 diabetes mellitus' } },
    children = {},
    excludes1 = { 'type 1 diabetes mellitus\n(E10.-)' },
    use_additional = { { code = 'E11', text = 'to identify control using insulin (Z79.4)' } },
    seventh_characters = { { char = 'A', display = 'initial encounter' } },
  })
  t.equal(page, {
    '**E11.9** Type 2 diabetes mellitus without complications',
    'icd-10-cm · billable · valid since 2015-10-01 · release 2026-04-01',
    '',
    'Within',
    '- **E11** Type 2 diabetes mellitus',
    '',
    '7th character',
    '- **A** initial encounter',
    '',
    'Excludes1',
    '- type 1 diabetes mellitus (E10.-)',
    '',
    'Use additional code',
    '- **E11** to identify control using insulin (Z79.4)',
  })
end)

t.test('shows both dates of a code that has ended', function()
  local page = lookup.page({
    system = 'icd-10-cm',
    code = 'N18.3',
    found = true,
    valid_from = '2015-10-01',
    valid_to = '2020-09-30',
  })
  t.equal(page, { '**N18.3** ', 'icd-10-cm · valid from 2015-10-01 to 2020-09-30' })
end)

t.test('says so when there is no code at the cursor', function()
  local said = collect_messages()
  vim.cmd.enew()
  vim.cmd.Medcode('lookup')
  t.equal(said, { 'medcode: no code at the cursor' })
end)

t.test('is empty, starting, plain or says what is wrong in a status line', function()
  vim.cmd.enew()
  t.equal(require('medcode').status(), '')
  t.equal(status.text(nil), 'medcode: starting')
  t.equal(status.text({ health = 'ok', catalog = 'ready' }), 'medcode')
  t.equal(status.text({ health = 'warning', catalog = 'ready' }), 'medcode: warning')
  t.equal(status.text({ health = 'warning', catalog = 'installing' }), 'medcode: installing')
  t.equal(status.text({ health = 'error', catalog = 'missing' }), 'medcode: no catalog')
end)

t.test('tells status lines when the server has spoken', function()
  local heard
  local id = vim.api.nvim_create_autocmd('User', {
    pattern = 'MedcodeStatus',
    callback = function(event)
      heard = event.data
    end,
  })
  local said = { health = 'ok', message = 'ready', backend = 'embedded', catalog = 'ready', releases = {} }
  status.keep(-1, said)
  vim.api.nvim_del_autocmd(id)
  t.equal(heard, said)
end)

t.test('lists health, back end, catalog and releases', function()
  local lines = status.lines({
    health = 'warning',
    message = 'the server was lost',
    backend = 'fallback',
    catalog = 'ready',
    releases = {
      { system = 'icd-10-cm', version = '2026-04-01', endDate = '2026-09-30' },
      { system = 'hcpcs', version = '2026-Q3', endDate = vim.NIL },
    },
  })
  t.equal(lines, {
    'medcode: warning, the server was lost',
    'back end fallback, catalog ready',
    'icd-10-cm 2026-04-01, data until 2026-09-30',
    'hcpcs 2026-Q3',
  })
end)

t.test('finds every tag of the help once, and all that the plugin refers to', function()
  local copy = vim.fn.tempname()
  vim.fn.mkdir(copy .. '/doc', 'p')
  assert(vim.uv.fs_copyfile(vim.env.MEDCODE_TEST_PLUGIN .. '/doc/medcode.txt', copy .. '/doc/medcode.txt'))
  -- An error when a tag stands twice.
  vim.cmd.helptags(copy .. '/doc')
  local tags = {}
  for _, line in ipairs(vim.fn.readfile(copy .. '/doc/tags')) do
    tags[line:match('^[^\t]+')] = true
  end
  local plugin = vim.env.MEDCODE_TEST_PLUGIN
  for _, file in ipairs(vim.fn.globpath(plugin, '**/*.lua', false, true)) do
    for tag in table.concat(vim.fn.readfile(file), '\n'):gmatch(':help (medcode[%w-]*)') do
      assert(tags[tag], ('%s refers to :help %s, which is not there'):format(file, tag))
    end
  end
  for _, name in ipairs({
    'medcode.txt',
    'medcode',
    ':Medcode',
    'vim.g.medcode',
    'MedcodeStatus',
    '<Plug>(medcode-lookup)',
    '<Plug>(medcode-search)',
    '<Plug>(medcode-fix)',
    '<Plug>(medcode-ignore)',
  }) do
    assert(tags[name], ('no tag %s'):format(name))
  end
end)

t.run()
