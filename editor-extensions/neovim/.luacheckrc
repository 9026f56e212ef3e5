std = 'luajit'
max_line_length = 140
read_globals = { 'vim' }
-- Options, variables and functions of Neovim that are meant to be assigned.
globals = { 'vim.g', 'vim.b', 'vim.bo', 'vim.wo', 'vim.o', 'vim.env', 'vim.notify', 'vim.ui' }
