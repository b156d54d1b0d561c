"""The retriever keeps LangChain's contract, and its documents are exact slices of the articles."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from index.types import ArticleHead, Filters, Hit, Passage, Span
from rag.assistant import Assistant
from rag.retriever import OnrecordRetriever, as_document

QUESTION = "What did Peskov say about the truce?"


@pytest.fixture
def retriever(samples: Assistant) -> OnrecordRetriever:
    return OnrecordRetriever(archive=samples.archive, top_k=4)


# -- what LangChain's own tests of retrievers ask for


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_documents_is_set_when_made_or_for_one_call(samples: Assistant, count: int) -> None:
    made = OnrecordRetriever(archive=samples.archive, top_k=count).invoke(QUESTION)
    called = OnrecordRetriever(archive=samples.archive).invoke(QUESTION, None, top_k=count)
    assert len(made) == count and all(isinstance(document, Document) for document in made)
    assert called == made


def test_it_may_be_awaited_with_the_same_outcome(retriever: OnrecordRetriever) -> None:
    assert asyncio.run(retriever.ainvoke(QUESTION)) == retriever.invoke(QUESTION)
    assert asyncio.run(retriever.ainvoke(QUESTION, None, top_k=2)) == retriever.invoke(QUESTION)[:2]


def test_several_questions_may_be_asked_at_once(retriever: OnrecordRetriever) -> None:
    questions = [QUESTION, "Who won the election?"]
    assert retriever.batch(questions) == [retriever.invoke(question) for question in questions]


def test_it_stands_in_a_chain(retriever: OnrecordRetriever) -> None:
    joined = RunnableLambda(lambda found: "\n\n".join(document.page_content for document in found))
    prompt = ChatPromptTemplate.from_template("{sources}\n\n{question}")
    chain = {"sources": retriever | joined, "question": RunnablePassthrough()} | prompt
    (message,) = chain.invoke(QUESTION).to_messages()
    assert str(message.content).endswith(QUESTION)
    assert retriever.invoke(QUESTION)[0].page_content in str(message.content)


# -- what is ours


def test_documents_are_the_hits_of_the_search(samples: Assistant, retriever: OnrecordRetriever) -> None:
    assert retriever.invoke(QUESTION) == [as_document(h) for h in samples.archive.search(QUESTION, top_k=4)]


def test_a_document_is_an_exact_slice_with_its_head(samples: Assistant, retriever: OnrecordRetriever) -> None:
    for document in retriever.invoke(QUESTION):
        told = document.metadata
        article = samples.archive.article(told["article_id"])
        assert article.text[told["start"] : told["end"]] == document.page_content
        assert (told["title"], told["source"], told["url"]) == (article.title, article.source, article.url)
        assert told["published"] == (article.published.isoformat() if article.published else None)
        assert document.id == told["passage_id"]
    scores = [document.metadata["score"] for document in retriever.invoke(QUESTION)]
    assert scores == sorted(scores, reverse=True)


def test_what_is_unknown_is_none() -> None:
    bare = as_document(Hit(Passage("p", "a", Span(3, 7), "Fog."), ArticleHead("a", ""), 0.5))
    assert (bare.metadata["source"], bare.metadata["published"], bare.metadata["url"]) == (None, None, None)


def test_filters_and_day_are_kept(samples: Assistant, retriever: OnrecordRetriever) -> None:
    first = retriever.invoke(QUESTION)[0].metadata["article_id"]
    only = Filters(articles=(first,))
    found = OnrecordRetriever(archive=samples.archive, filters=only, asked=date(2022, 3, 1)).invoke(QUESTION)
    assert found and {document.metadata["article_id"] for document in found} == {first}
    assert {d.metadata["article_id"] for d in retriever.invoke(QUESTION, None, filters=only)} == {first}
    day = date(2022, 3, 1)
    dated = samples.archive.search(QUESTION, top_k=4, asked=day)
    assert retriever.invoke(QUESTION, None, asked=day) == [as_document(hit) for hit in dated]


def test_less_than_one_document_is_refused(samples: Assistant) -> None:
    with pytest.raises(ValidationError, match="top_k"):
        OnrecordRetriever(archive=samples.archive, top_k=0)
