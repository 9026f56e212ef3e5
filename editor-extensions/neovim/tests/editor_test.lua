--- The real server in the real Neovim: what a user sees and types.

local note = require('note')
local t = require('harness')

local NOTE = { 'DOS: 2026-03-02', 'Dx: N18.3, E11.9' }

---The words of the completion menu.
---@return string[]
local function menu()
  local info = vim.fn.complete_info({ 'items', 'pum_visible' })
  return info.pum_visible == 1
      and vim.tbl_map(function(item)
        return item.abbr ~= '' and item.abbr or item.word
      end, info.items)
    or {}
end

---@param words string[]
---@param wanted string
---@return integer? index
local function index_of(words, wanted)
  for index, word in ipairs(words) do
    if vim.startswith(word, wanted) then
      return index
    end
  end
end

---Accepts an entry of the open menu by keys, once the server has nothing left to answer and the menu stays as it is.
---@param client vim.lsp.Client
---@param code string
local function accept(client, code)
  local index = t.eventually(code .. ' in the menu', function()
    return next(client.requests) == nil and index_of(menu(), code)
  end)
  vim.api.nvim_input(('<C-n>'):rep(index) .. '<C-y>')
end

t.test('attaches to Markdown by vim.lsp.enable alone, without a root', function()
  local client, bufnr = note.open(NOTE)
  t.equal(client.root_dir, nil)
  t.equal(client.get_language_id(bufnr, vim.bo[bufnr].filetype), 'markdown')
end)

t.test('takes the directory of medcode.toml as the root', function()
  local client, bufnr = note.open(NOTE, 'note.md', 'medcode.toml')
  t.equal(client.root_dir, vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr)))
  note.diagnostic(bufnr, 'expired-code')
end)

t.test('attaches to plain text as plaintext', function()
  local client, bufnr = note.open(NOTE, 'note.txt')
  t.equal(vim.bo[bufnr].filetype, 'text')
  t.equal(client.get_language_id(bufnr, 'text'), 'plaintext')
  note.diagnostic(bufnr, 'expired-code')
end)

t.test('underlines exactly the expired code', function()
  local _, bufnr = note.open(NOTE)
  local diagnostic = note.diagnostic(bufnr, 'expired-code')
  t.equal({ diagnostic.lnum, diagnostic.col, diagnostic.end_lnum, diagnostic.end_col }, { 1, 4, 1, 9 })
  t.equal(diagnostic.severity, vim.diagnostic.severity.ERROR)
  t.equal(diagnostic.source, 'medcode')
  t.contains(diagnostic.message, 'N18.3')
end)

t.test('underlines the right columns after a character outside ASCII', function()
  local _, bufnr = note.open({ 'DOS: 2026-03-02', '🩺 é Dx: N18.3' })
  local diagnostic = note.diagnostic(bufnr, 'expired-code')
  local line = vim.api.nvim_buf_get_lines(bufnr, 1, 2, false)[1]
  t.equal(line:sub(diagnostic.col + 1, diagnostic.end_col), 'N18.3')
end)

t.test('takes the diagnostic away when the code is corrected by typing', function()
  local _, bufnr = note.open(NOTE)
  note.diagnostic(bufnr, 'expired-code')
  vim.api.nvim_win_set_cursor(0, { 2, 8 })
  vim.api.nvim_input('a0<Esc>')
  t.eventually('no diagnostic', function()
    return #vim.diagnostic.get(bufnr) == 0
  end)
  t.equal(vim.api.nvim_get_current_line(), 'Dx: N18.30, E11.9')
end)

t.test('shows what a code means on hover', function()
  local _, bufnr = note.open(NOTE)
  note.diagnostic(bufnr, 'expired-code')
  vim.api.nvim_win_set_cursor(0, { 2, 13 })
  vim.lsp.buf.hover()
  t.contains(note.float_text(), 'Type 2 diabetes mellitus without complications')
end)

t.test('marks the whole code on hover, dot included', function()
  local client, bufnr = note.open(NOTE)
  vim.api.nvim_win_set_cursor(0, { 2, 13 })
  local hover = note.ask(bufnr, 'textDocument/hover', vim.lsp.util.make_position_params(0, client.offset_encoding))
  t.equal(hover.range, { start = { line = 1, character = 11 }, ['end'] = { line = 1, character = 16 } })
end)

t.test('opens the list of codes with <C-x><C-o> and inserts the chosen one exactly', function()
  local client = note.open({ 'DOS: 2026-03-02', 'Dx: ' })
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  vim.api.nvim_input('AE11.6<C-x><C-o>')
  accept(client, 'E11.65')
  t.eventually('the accepted code', function()
    return vim.api.nvim_get_current_line() == 'Dx: E11.65'
  end)
  vim.api.nvim_input('<Esc>')
end)

-- Neovim 0.10 cannot complete while typing, and drops what does not begin like the typed words.
if vim.fn.has('nvim-0.11') == 1 then
  t.test('opens the list of codes while typing and inserts the chosen one exactly', function()
    local client, bufnr = note.open({ 'DOS: 2026-03-02', 'Dx: ' })
    vim.lsp.completion.enable(true, client.id, bufnr, { autotrigger = true })
    vim.api.nvim_win_set_cursor(0, { 2, 0 })
    vim.api.nvim_input('AE11.6')
    t.eventually('the typed text', function()
      return vim.api.nvim_get_current_line() == 'Dx: E11.6'
    end)
    accept(client, 'E11.65')
    t.eventually('the accepted code', function()
      return vim.api.nvim_get_current_line() == 'Dx: E11.65'
    end)
    vim.api.nvim_input('<Esc>')
  end)

  t.test('finds codes by words with <C-x><C-o> and inserts one exactly', function()
    local client = note.open({ 'DOS: 2026-03-02', 'Dx: ' })
    vim.api.nvim_win_set_cursor(0, { 2, 0 })
    vim.api.nvim_input('Atype 2 diab<C-x><C-o>')
    accept(client, 'E11')
    t.eventually('the accepted code', function()
      return vim.api.nvim_get_current_line():match('^Dx: E11%.?%w*$')
    end)
    vim.api.nvim_input('<Esc>')
  end)
end

t.test('replaces an expired code by its successor as a code action', function()
  local _, bufnr = note.open(NOTE)
  note.diagnostic(bufnr, 'expired-code')
  vim.api.nvim_win_set_cursor(0, { 2, 5 })
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find('N18.30', 1, true) ~= nil
    end,
  })
  t.eventually('the replaced code', function()
    return vim.api.nvim_get_current_line() == 'Dx: N18.30, E11.9'
  end)
end)

t.test('fixes an expired code by one keystroke', function()
  local _, bufnr = note.open(NOTE)
  note.diagnostic(bufnr, 'expired-code')
  vim.keymap.set('n', '<F5>', '<Plug>(medcode-fix)', { buffer = bufnr })
  local said = {}
  t.replace(vim, 'notify', function(message)
    said[#said + 1] = message
  end)
  vim.api.nvim_win_set_cursor(0, { 2, 5 })
  vim.api.nvim_input('<F5>')
  t.eventually('the fixed code', function()
    return vim.api.nvim_get_current_line() == 'Dx: N18.30, E11.9'
  end)
  t.contains(said[1], 'N18.30')
  t.eventually('no diagnostic of the old code', function()
    return #vim.diagnostic.get(bufnr) == 0
  end)
end)

t.test('takes over what a medcode.toml says that is edited outside, within three seconds', function()
  local _, bufnr = note.open(NOTE, 'note.md', 'medcode.toml')
  note.diagnostic(bufnr, 'expired-code')
  local settings = vim.fs.joinpath(vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr)), 'medcode.toml')
  vim.fn.writefile({ 'rules = { expired-code = "off" }' }, settings)
  local written = vim.uv.hrtime()
  t.eventually('no diagnostic', function()
    return #vim.diagnostic.get(bufnr) == 0
  end)
  local took = (vim.uv.hrtime() - written) / 1e9
  assert(took < 3, ('it took %.1f s'):format(took))
end)

t.test('names what a medcode.toml says wrongly on the health page', function()
  local _, bufnr = note.open(NOTE, 'note.md', 'medcode.toml')
  local settings = vim.fs.joinpath(vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr)), 'medcode.toml')
  vim.fn.writefile({ 'nonsense = 1' }, settings)
  vim.cmd.checkhealth('medcode')
  t.contains(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'), 'unknown setting nonsense')
end)

---The place of the cursor, as the server wants it.
---@param client vim.lsp.Client
---@param more? table further parameters
---@return table
local function here(client, more)
  return vim.tbl_extend('error', vim.lsp.util.make_position_params(0, client.offset_encoding), more or {})
end

t.test('highlights the same code in the note', function()
  local client, bufnr = note.open({ 'DOS: 2026-03-02', 'Dx: E11.9', '', 'Assessment: E11.9, I10' })
  vim.api.nvim_win_set_cursor(0, { 2, 5 })
  t.equal(#note.ask(bufnr, 'textDocument/documentHighlight', here(client)), 2)
end)

t.test('goes to the page of a code, which is an ordinary file', function()
  note.open(NOTE)
  vim.api.nvim_win_set_cursor(0, { 2, 13 })
  vim.lsp.buf.definition()
  t.eventually('the page of E11', function()
    return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'E11.md'
  end)
  t.contains(vim.api.nvim_get_current_line(), 'E11.9')
  assert(vim.bo.readonly, 'the page can be changed')
end)

t.test('finds where else a code stands', function()
  local client, bufnr = note.open({ 'DOS: 2026-03-02', 'Dx: E11.9', '', 'Assessment: E11.9, I10' })
  vim.api.nvim_win_set_cursor(0, { 2, 5 })
  local places = note.ask(bufnr, 'textDocument/references', here(client, { context = { includeDeclaration = false } }))
  t.equal(#places, 2)
end)

t.test('lists the codes of a note, each under its encounter', function()
  local client, bufnr = note.open(NOTE)
  local symbols = t.eventually('the outline', function()
    local symbols = note.ask(bufnr, 'textDocument/documentSymbol', { textDocument = here(client).textDocument })
    return symbols and #symbols > 0 and symbols
  end)
  t.equal(
    vim.tbl_map(function(symbol)
      return symbol.name
    end, symbols[1].children),
    { 'N18.3', 'E11.9' }
  )
end)

t.test('walks up from a code to its category', function()
  local client, bufnr = note.open(NOTE)
  vim.api.nvim_win_set_cursor(0, { 2, 13 })
  local item = note.ask(bufnr, 'textDocument/prepareTypeHierarchy', here(client))[1]
  t.equal(item.name, 'E11.9')
  local parents = note.ask(bufnr, 'typeHierarchy/supertypes', { item = item })
  t.equal(parents[1].name, 'E11')
end)

t.test('sums up an encounter in a line above it', function()
  local client, bufnr = note.open(NOTE)
  local lens = note.ask(bufnr, 'textDocument/codeLens', { textDocument = here(client).textDocument })[1]
  local resolved = note.ask(bufnr, 'codeLens/resolve', lens)
  t.contains(resolved.command.title, '2026-03-02')
end)

t.test('folds encounters by vim.lsp.foldexpr', function()
  local _, bufnr = note.open({
    '## Visit 2026-03-02',
    '',
    'Dx: E11.9',
    'Dx: I10',
    '',
    '## Visit 2026-04-02',
    '',
    'Dx: E11.9',
    'Dx: I10',
  })
  if not vim.lsp.foldexpr then
    return
  end
  vim.wo[0][0].foldmethod = 'expr'
  vim.wo[0][0].foldexpr = 'v:lua.vim.lsp.foldexpr()'
  t.eventually('a fold over each encounter', function()
    return vim.fn.foldlevel(3) == 1 and vim.fn.foldlevel(9) == 1
  end)
  t.equal(vim.api.nvim_buf_line_count(bufnr), 9)
end)

t.test('colours codes as diagnoses', function()
  local client, bufnr = note.open(NOTE)
  local provider = client.server_capabilities.semanticTokensProvider
  assert(vim.tbl_contains(provider.legend.tokenTypes, 'medcodeDiagnosis'), vim.inspect(provider.legend))
  t.eventually('the highlighted code', function()
    local tokens = vim.lsp.semantic_tokens.get_at_pos(bufnr, 1, 12)
    return tokens and tokens[1] and tokens[1].type == 'medcodeDiagnosis'
  end)
end)

---A server in this Neovim that does nothing but count columns in utf-16.
---@return fun(): vim.lsp.rpc.PublicClient
local function bystander()
  return function(dispatchers)
    local closing = false
    local function close()
      if not closing then
        closing = true
        dispatchers.on_exit(0, 0)
      end
    end
    return {
      request = function(method, _, done)
        done(nil, method == 'initialize' and { capabilities = { positionEncoding = 'utf-16' } } or vim.NIL)
        return true, 1
      end,
      notify = function(method)
        if method == 'exit' then
          close()
        end
        return true
      end,
      is_closing = function()
        return closing
      end,
      terminate = close,
    }
  end
end

t.test('does not make Neovim warn beside another server that counts in utf-16', function()
  local own, bufnr = note.open(NOTE)
  local other = assert(vim.lsp.start({ name = 'other', cmd = bystander() }, { bufnr = bufnr }))
  local client = t.eventually('the other server', function()
    local client = vim.lsp.get_client_by_id(other)
    return client and client.initialized and client
  end)
  t.equal({ own.offset_encoding, client.offset_encoding }, { 'utf-16', 'utf-16' })
  for _, page in ipairs({ 'medcode', 'vim.lsp' }) do
    vim.cmd.checkhealth(page)
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    assert(not text:find('different position encodings', 1, true) and not text:find('other counts in', 1, true), text)
  end
  client:stop()
  t.eventually('the end of the other server', function()
    return vim.lsp.get_client_by_id(other) == nil
  end)
end)

t.test('says its state in one word and in lines', function()
  local client = note.open(NOTE)
  t.eventually('the ready state', function()
    return require('medcode').status() == 'medcode'
  end)
  local status = require('medcode.status').of(client.id)
  t.equal({ status.health, status.catalog, status.backend }, { 'ok', 'ready', 'embedded' })
  t.contains(table.concat(require('medcode').status_lines(), '\n'), 'icd-10-cm')
end)

t.test('shows the page of the code at the cursor with :Medcode lookup', function()
  note.open(NOTE)
  vim.api.nvim_win_set_cursor(0, { 2, 13 })
  vim.cmd.Medcode('lookup')
  t.contains(note.float_text(), '**E11.9** Type 2 diabetes mellitus without complications')
end)

t.test('offers what was meant when :Medcode lookup does not know the code', function()
  note.open(NOTE)
  vim.cmd.Medcode({ args = { 'lookup', 'E11.66' } })
  local text = note.float_text()
  t.contains(text, '**E11.66** is not in the installed code sets')
  t.contains(text, 'Did you mean')
end)

t.test('inserts the code chosen in :Medcode search after the cursor', function()
  local _, bufnr = note.open({ 'Dx: ' })
  vim.api.nvim_win_set_cursor(0, { 1, 3 })
  local offered
  t.replace(vim.ui, 'select', function(items, options, choose)
    offered = vim.tbl_map(options.format_item, items)
    choose(vim.tbl_filter(function(item)
      return item.code == 'E11.9'
    end, items)[1])
  end)
  vim.cmd.Medcode({ args = { 'search', 'type', '2', 'diabetes' } })
  t.eventually('the inserted code', function()
    return vim.api.nvim_buf_get_lines(bufnr, 0, 1, false)[1] == 'Dx: E11.9'
  end)
  t.contains(table.concat(offered, '\n'), 'E11.9    Type 2 diabetes mellitus without complications')
end)

t.test('says so when :Medcode search finds nothing', function()
  note.open(NOTE)
  local said = {}
  t.replace(vim, 'notify', function(message)
    said[#said + 1] = message
  end)
  vim.cmd.Medcode({ args = { 'search', 'zzzzqqqq' } })
  t.eventually('the message', function()
    return said[1] == 'medcode: nothing found'
  end)
end)

t.test('restarts with the same buffers and with the settings in force', function()
  local before, bufnr = note.open(NOTE)
  note.diagnostic(bufnr, 'expired-code')
  t.replace(vim.g, 'medcode', { settings = { rules = { ['expired-code'] = 'off' } } })
  vim.cmd.Medcode('restart')
  local after = t.eventually('the successor', function()
    local clients = vim.lsp.get_clients({ name = 'medcode', bufnr = bufnr })
    return #clients == 1 and clients[1].id ~= before.id and clients[1].initialized and clients[1]
  end)
  t.eventually('no diagnostic', function()
    return #vim.diagnostic.get(bufnr) == 0
  end)
  t.equal(after.settings.medcode, { rules = { ['expired-code'] = 'off' } })
  vim.g.medcode = nil
  vim.cmd.Medcode('restart')
  note.diagnostic(bufnr, 'expired-code')
end)

t.test('opens the log with :Medcode log', function()
  vim.cmd.Medcode('log')
  t.equal(vim.fs.basename(vim.api.nvim_buf_get_name(0)), 'lsp.log')
end)

for _, page in ipairs({ 'medcode', 'vim.lsp' }) do
  t.test((':checkhealth %s has no errors'):format(page), function()
    note.open(NOTE)
    t.eventually('the ready state', function()
      return require('medcode').status() == 'medcode'
    end)
    vim.cmd.checkhealth(page)
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    t.contains(text, 'medcode')
    assert(not text:find('ERROR', 1, true), text)
  end)
end

t.test('is still running when Neovim is about to quit', function()
  note.open(NOTE)
  assert(#vim.api.nvim_get_proc_children(vim.fn.getpid()) > 0, 'no child process')
end)

t.run()
