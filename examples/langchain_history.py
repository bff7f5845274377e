"""A LangChain chain that remembers: `python examples/langchain_history.py`.

Wants the package: pip install 'arraigo[langchain]'.

The model is scripted, so that no key is needed.
"""

from typing import Any

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

import arraigo
from arraigo.integrations.langchain import ArraigoChatMessageHistory


def main() -> None:
    """Have two turns, and look at them as the conversation that they are."""
    prompt = ChatPromptTemplate.from_messages([MessagesPlaceholder("history"), ("human", "{question}")])
    chain: Any = prompt | GenericFakeChatModel(messages=iter([AIMessage("¡Hola, Ana!"), AIMessage("Ana 🥑")]))
    with arraigo.sync.open() as store:
        me = store.as_user("ana")
        history = ArraigoChatMessageHistory(me, "thread-2")
        for question in ("Soy Ana.", "¿Cómo me llamo?"):
            answer = chain.invoke({"question": question, "history": history.messages})
            history.add_messages([*prompt.invoke({"question": question, "history": []}).to_messages(), answer])
        for message in me.messages.list("thread-2"):
            print(message.sequence_number, message.role, message.content)


main()
