-- What a user writes: the plugin is found, the client is switched on.
vim.opt.runtimepath:prepend(vim.env.MEDCODE_TEST_PLUGIN)
vim.o.completeopt = 'menuone,noselect,popup'
vim.o.swapfile = false
if vim.lsp.enable then
  vim.lsp.enable('medcode')
end
