"""The jobs for an assistant, over the Model Context Protocol; needs the extra `lastresort[mcp]`."""
