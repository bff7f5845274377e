"""What the tests share: real servers, started once per run and handed out by fixtures."""
