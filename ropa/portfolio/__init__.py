"""Many registers at once: a folder of workbooks in, one folder of tables out.

Each workbook is a register (`entries`). Registers are audited in batches (`batches`) by processes
of this machine or of a cluster (`workers`); what is found lies in partitions (`partitions`), from
which questions across registers are answered (`questions`). A register is judged again only where
its bytes or what it is judged by has changed (`running`). `portfolios` does all of it.

Nothing is imported here: a worker needs `batches` alone, and none of the libraries that write.
"""
