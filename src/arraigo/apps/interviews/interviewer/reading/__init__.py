"""Reading an answer without a model: words, signs, handles, substance, in three languages at once."""
