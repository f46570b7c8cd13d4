"""How a page and a form are declared: decorators of litestar with what all of ours have in common."""

from functools import partial

from litestar import HttpMethod, MediaType, post, route

# A page answers HEAD too (litestar's `get` says 405): monitors and link checkers ask so.
page = partial(route, http_method=[HttpMethod.GET, HttpMethod.HEAD], media_type=MediaType.HTML, include_in_schema=False)

# A form comes back with a page: with a redirect (303) when it was taken, with itself (422) when it was not.
form = partial(post, media_type=MediaType.HTML, include_in_schema=False, status_code=200)
