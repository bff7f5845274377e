DROP TABLE arraigo_move.steps;
