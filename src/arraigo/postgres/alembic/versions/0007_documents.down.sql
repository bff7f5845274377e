-- Their bytes stay where ARRAIGO_BLOBS keeps them.
DROP FUNCTION arraigo.claim_blob_removals, arraigo.finish_blob_removals;
DROP TABLE arraigo.documents, arraigo.blob_removals;
DROP FUNCTION arraigo.remove_blob;
DROP DOMAIN arraigo.processing_status;
