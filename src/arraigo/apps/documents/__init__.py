"""Documents over HTTP: files beside a conversation.

A folder of its own rather than the chat's, where the contract lists them: a document belongs to a conversation of any
kind, and test plans take them too.
"""
