"""One file per job: the only place where reading, analysis, storing and reporting meet."""
