"""The command line, from the outside: words in, text and exit code out."""
