"""From a source (file, standard input or built-in problem) to arrays, a schema, splits and batches."""
