"""State over HTTP, for programs in any language that kept it in a Map or a Set."""
