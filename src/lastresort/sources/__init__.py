"""Where calendar bytes come from: files, folders, archives, mail, feeds and CalDAV."""
