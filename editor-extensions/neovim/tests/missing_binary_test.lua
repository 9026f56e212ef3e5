--- A binary that is not there: one message with the way out, and a Neovim that works on.

local t = require('harness')

t.test('says once that the binary was not found, and where to put it', function()
  local said = {}
  t.replace(vim, 'notify', function(message)
    said[#said + 1] = message
  end)
  t.replace(vim.g, 'medcode', { cmd = '/nowhere/medcode' })
  if vim.lsp.config then
    -- An assignment makes Neovim read lsp/medcode.lua again, as at the next start.
    vim.lsp.config('medcode', {})
  end
  for _, name in ipairs({ 'a.md', 'b.md', 'c.txt' }) do
    vim.cmd.edit(vim.fn.tempname() .. name)
  end
  t.equal(said, {
    'medcode: the medcode binary "/nowhere/medcode" was not found: put it on PATH, or set MEDCODE_PATH or vim.g.medcode.cmd'
      .. ' (see :checkhealth medcode)',
  })
  t.equal(#vim.lsp.get_clients(), 0)
end)

t.test('says so as well when a code is looked up', function()
  local said = {}
  t.replace(vim, 'notify', function(message)
    said[#said + 1] = message
  end)
  t.replace(vim.g, 'medcode', { cmd = '/nowhere/medcode' })
  vim.cmd.Medcode({ args = { 'lookup', 'E11.9' } })
  t.equal(#said, 1)
  t.contains(said[1], 'the medcode binary "/nowhere/medcode" was not found')
end)

t.run()
