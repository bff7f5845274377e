"""Documents with requirements, beside a conversation about a test plan."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from arraigo.apps.testplans.http import answers, examples, shapes
from arraigo.apps.testplans.http.shared import Ref, work
from arraigo.apps.testplans.http.types import Paging
from arraigo.apps.testplans.talks import Talks
from arraigo.store import UserStore
from arraigo.store.types import Document
from arraigo.web.auth import own_store
from arraigo.web.downloads import UNKNOWN_TYPE
from arraigo.web.multipart import Form
from arraigo.web.routing import answer, by_example, guarded_router, rooted, shows

UPLOAD = "/api/conversation/{id}/documents"

router = guarded_router("test plans")

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {"file": {"type": "string", "format": "binary"}},
                },
                "examples": by_example(examples.NEW_DOCUMENT),
            }
        },
    }
}


@router.post(
    UPLOAD,
    status_code=202,
    response_model=answers.DocumentOut,
    responses=shows(202, examples.ADDED_DOCUMENT, 404),
    openapi_extra=_FORM,
)
async def add_requirements(request: Request, ref: Ref) -> Response:
    """Upload a document with requirements: PDF, DOCX, XLSX, Markdown, HTML or text.

    It is read in the background; `processing_status` says when, and `processing_error` why not. A document of the same
    name as one before is its new version: requirements keep their cases by their codes.
    """
    mine = own_store(request)
    talk = await mine.part(Talks).get(ref)
    form = Form(request, file="file", fields=())
    async with form.opened() as content:
        document = await mine.documents.add(
            talk.id,
            content,
            filename=form.filename,
            content_type=None if form.content_type == UNKNOWN_TYPE else form.content_type,  # its name may say more
        )
    work(request).come()
    return answer(await _document(request, mine, document), 202, {"Location": f"/documents/{document.id}"})


@router.get(UPLOAD, response_model=answers.DocumentList, responses=shows(200, examples.DOCUMENTS, 404))
async def list_requirements_documents(request: Request, ref: Ref, asked: Annotated[Paging, Query()]) -> Response:
    """The conversation's documents, the oldest first, with how far each is processed."""
    mine = own_store(request)
    talk = await mine.part(Talks).get(ref)
    page = await mine.documents.list(talk.id, limit=asked.limit, cursor=asked.cursor)
    known = await mine.part(Talks).papers(talk.id)
    found = [await _document(request, mine, document, *known.get(document.id, ((), 0))) for document in page.items]
    return answer({"documents": found, "next": page.next})


@router.get(
    "/api/conversation/{id}/requirements",
    response_model=answers.RequirementList,
    responses=shows(200, examples.REQUIREMENTS, 404),
)
async def list_requirements(request: Request, ref: Ref) -> Response:
    """What was found in its documents: testable statements with their places, in the documents' order."""
    found = await own_store(request).part(Talks).requirements(ref)
    return answer({"requirements": [shapes.requirement(one) for one in found]})


async def _document(
    request: Request, mine: UserStore, document: Document, notes: tuple[str, ...] = (), requirements: int = 0
) -> dict[str, Any]:
    link = await mine.documents.link(document)
    found: dict[str, UUID | Any] = {
        "id": document.id,
        "conversation_id": document.conversation_id,
        "filename": document.filename,
        "s3_key": document.storage_key,
        "content_type": document.content_type,
        "file_size": document.file_size,
        "processing_status": document.processing_status,
        "processing_error": document.processing_error,
        "processing_notes": notes,
        "total_requirements": requirements,
        "processed_at": document.processed_at,
        "created_at": document.created_at,
        "download_url": rooted(request, link.path),
        "download_expires_at": link.expires_at,
    }
    return found
