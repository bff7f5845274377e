DROP TABLE arraigo_move.events, arraigo_move.rejected, arraigo_move.records, arraigo_move.units, arraigo_move.runs;
