"""Los widgets: lo único del proyecto que conoce ipywidgets y anywidget."""
