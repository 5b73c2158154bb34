"""report.html: the audit as one page for people, that asks nothing of the network.

The page is made of parts: each module here turns an audit into the plain values that its part of
the template shows. Markup stands in ``templates/`` alone.
"""

from ropa.report.page.rendering import write_page

__all__ = ["write_page"]
