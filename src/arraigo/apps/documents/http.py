"""Documents over HTTP: added as a form with a file, handed out by signed links."""

from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.exceptions import HTTPException

from arraigo.apps.documents import examples
from arraigo.apps.documents.types import DocumentList, DocumentOut, Listing, WholeDocument
from arraigo.errors import CheckFailed
from arraigo.store import Store, UserStore
from arraigo.store.links import PATH as DOWNLOADS
from arraigo.store.links import TOKEN_LENGTH
from arraigo.store.types import Document
from arraigo.web.auth import own_store
from arraigo.web.downloads import UNKNOWN_TYPE, as_attachment
from arraigo.web.multipart import Form
from arraigo.web.problems import documented
from arraigo.web.routing import answer, by_example, guarded_router, rooted, shows

UPLOAD = "/documents"

router = guarded_router("documents")
downloads = APIRouter(tags=["documents"])  # whoever has the link may

_log = structlog.get_logger()

Identity = Annotated[
    UUID, Path(alias="id", description="the document's id", openapi_examples=by_example(examples.DOCUMENT_ID))
]
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["conversation_id", "file"],
                    "additionalProperties": False,
                    "properties": {
                        "conversation_id": {
                            "type": "string",
                            "minLength": 1,
                            "maxLength": 255,
                            "description": "the conversation's id, or your external_id for it; best before the file",
                        },
                        "file": {"type": "string", "format": "binary"},
                    },
                },
                "examples": by_example(examples.NEW),
            }
        },
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, to be saved; of its own type where no browser runs that.",
        "content": {
            "*/*": {"schema": {"type": "string", "format": "binary"}, "example": examples.CONTENT},
        },
    }
}


@router.post(
    UPLOAD,
    status_code=202,
    response_model=DocumentOut,
    responses=shows(202, examples.ADDED, 404),
    openapi_extra=_FORM,
)
async def add_document(request: Request) -> Response:
    """Put a file beside a conversation. It is kept, and waits to be processed."""
    mine = own_store(request)
    form = Form(request, file="file", fields={"conversation_id"})
    async with form.opened("conversation_id") as content:
        document = await mine.documents.add(
            form.values["conversation_id"],
            content,
            filename=form.filename,
            content_type=None if form.content_type == UNKNOWN_TYPE else form.content_type,  # its name may say more
        )
    return answer(await _document(request, mine, document), 202, {"Location": f"{UPLOAD}/{document.id}"})


@router.get(UPLOAD, response_model=DocumentList, responses=shows(200, examples.DOCUMENTS, 404))
async def list_documents(request: Request, asked: Annotated[Listing, Query()]) -> Response:
    """A conversation's documents, the oldest first."""
    mine = own_store(request)
    page = await mine.documents.list(asked.conversation_id, limit=asked.limit, cursor=asked.cursor)
    return answer(
        {"documents": [await _document(request, mine, document) for document in page.items], "next": page.next}
    )


@router.get("/documents/{id}", response_model=WholeDocument, responses=shows(200, examples.DOCUMENT, 404))
async def get_document(request: Request, id: Identity) -> Response:
    """What is known about a document, with the text that was found in it and a link to its bytes, for an hour."""
    mine = own_store(request)
    document = await mine.documents.get(id)
    return answer(await _document(request, mine, document) | {"extracted_content": document.extracted_content})


@router.delete("/documents/{id}", status_code=204, response_class=Response, responses=documented(404))
async def delete_document(request: Request, id: Identity) -> Response:
    """Delete a document with its bytes. Links to it end with it."""
    await own_store(request).documents.delete(id)
    return Response(status_code=204)


@downloads.get(
    f"{DOWNLOADS}/{{token}}/{{filename:path}}",
    response_class=StreamingResponse,
    responses=_FILE | documented(403, 404, 410, 422, 500, 503),
)
async def download(
    request: Request,
    token: Annotated[
        str, Path(max_length=2 * TOKEN_LENGTH, description="as signed", openapi_examples=by_example(examples.TOKEN))
    ],
    filename: Annotated[
        str, Path(max_length=1000, description="as signed", openapi_examples=by_example(examples.FILENAME))
    ],
) -> Response:
    """A document's bytes, by a link that was signed here: 403 if it was not, 410 when its time is over.

    The answer breaks off before its end if the bytes are not what was added.
    """
    store: Store = request.app.state.store
    try:
        reading = await store.open_link(token, filename)
    except CheckFailed as failed:
        _log.error("failed", error=str(failed))
        raise HTTPException(500, failed.what) from None
    document = reading.document
    return StreamingResponse(reading, headers=as_attachment(filename, document.content_type, document.file_size))


async def _document(request: Request, mine: UserStore, document: Document) -> dict[str, Any]:
    link = await mine.documents.link(document)
    return {
        "id": document.id,
        "conversation_id": document.conversation_id,
        "filename": document.filename,
        "content_type": document.content_type,
        "file_size": document.file_size,
        "checksum": document.checksum,
        "processing_status": document.processing_status,
        "processing_error": document.processing_error,
        "processed_at": document.processed_at,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        "download_url": rooted(request, link.path),
        "download_expires_at": link.expires_at,
    }
