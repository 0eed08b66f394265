"""Pages (网页): the features as HTML. A page parses, calls one feature and renders; it knows no table and no engine.

One blueprint a page, named after it and listed in `cpkb.app.BLUEPRINTS`. `parameters`, `links`, `clauses`, `display`
are what pages share.
"""
