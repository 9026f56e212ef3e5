-- Defines :Medcode and the <Plug> maps. Everything else is loaded when it is first used.

if vim.g.loaded_medcode then
  return
end
vim.g.loaded_medcode = 1

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify_once(
    'medcode needs Neovim 0.10 or newer; from 0.11 on vim.lsp.enable("medcode") starts it',
    vim.log.levels.ERROR
  )
  return
end

vim.api.nvim_create_user_command('Medcode', function(call)
  require('medcode.command').run(call.fargs)
end, {
  nargs = '+',
  desc = 'Look up, search, fix and ignore medical codes; state, log, code sets and restart of the language server',
  complete = function(lead, line)
    return require('medcode.command').complete(lead, line)
  end,
})

vim.keymap.set('n', '<Plug>(medcode-lookup)', function()
  require('medcode').lookup()
end, { desc = 'Look up the code under the cursor' })
vim.keymap.set('n', '<Plug>(medcode-search)', function()
  require('medcode').search()
end, { desc = 'Search codes by words and insert one' })

vim.keymap.set('n', '<Plug>(medcode-fix)', function()
  require('medcode').fix()
end, { desc = 'Take the first fix for the code under the cursor' })
vim.keymap.set('n', '<Plug>(medcode-ignore)', function()
  require('medcode').ignore()
end, { desc = 'Accept what is reported under the cursor in the settings of the project' })

-- The tokens of medcode in colours that every colour scheme has; `default` leaves those of the user alone.
for token, group in pairs({
  medcodeDiagnosis = 'Constant',
  medcodeProcedure = 'Function',
  medcodeSupply = 'Identifier',
  medcodeModifier = 'PreProc',
}) do
  vim.api.nvim_set_hl(0, '@lsp.type.' .. token, { default = true, link = group })
end

local group = vim.api.nvim_create_augroup('medcode', {})
if vim.fn.has('nvim-0.11') == 0 then
  -- Neovim 0.10 has no vim.lsp.enable.
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = { 'markdown', 'text' },
    callback = function(event)
      require('medcode.client').start(event.buf)
    end,
  })
else
  -- vim.lsp.enable says nothing when the binary is missing.
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = { 'markdown', 'text' },
    once = true,
    callback = function()
      require('medcode.client').warn_if_missing()
    end,
  })
end
