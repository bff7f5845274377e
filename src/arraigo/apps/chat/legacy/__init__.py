"""What chats were before: the file of an old program, and the exports of ChatGPT and Claude accounts."""

from arraigo.apps.chat.legacy.chatgpt import CHATGPT
from arraigo.apps.chat.legacy.claude import CLAUDE
from arraigo.apps.chat.legacy.conversations import CONVERSATIONS

__all__ = ["CHATGPT", "CLAUDE", "CONVERSATIONS"]
