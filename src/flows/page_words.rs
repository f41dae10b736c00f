//! The names under which pages tell of themselves and of the next one, and requests ask for it.

/// Names of the place in a list from which a page starts.
pub const STARTS: &[&str] = &["start", "offset", "skip", "$skip"];
/// Objects that say where a page stands.
pub const ABOUT: &[&str] =
    &["/pagination", "", "/meta", "/paging", "/meta/pagination", "/page", "/page_info", "/pageInfo"];
/// Totals that only pages of a list have.
pub const SURE_TOTALS: &[&str] =
    &["/total_results", "/value/groups/0/totals/datasets", "/value/groups/0/totals/variables"];
/// Where a page says whether another one follows.
pub const MORE: &[&str] = &[
    "/has_more",
    "/has_next",
    "/hasMore",
    "/hasNext",
    "/pagination/has_next",
    "/pagination/has_more",
    "/pagination/hasNext",
    "/pagination/hasMore",
    "/meta/has_more",
    "/meta/has_next",
];
pub const LAST: &[&str] = &["/last", "/is_last", "/isLast"];
/// The number of a page, and of pages; true = counted from 0.
pub const NUMBERS: &[(&str, &str, bool)] = &[
    ("page", "pages", false),
    ("page", "total_pages", false),
    ("current_page", "last_page", false),
    ("current_page", "total_pages", false),
    ("page_number", "total_pages", false),
    ("page", "page_count", false),
    ("page", "totalPages", false),
    ("page", "pageCount", false),
    ("page", "last_page", false),
    ("page", "num_pages", false),
    ("current_page", "pages", false),
    ("currentPage", "totalPages", false),
    ("currentPage", "lastPage", false),
    ("currentPage", "pages", false),
    ("pageNumber", "totalPages", false),
    ("number", "totalPages", true),
];
/// Names of the number of a page in a request.
pub const PAGE_NAMES: &[&str] = &["page", "page_number", "p"];
/// Names of the number of a page in what it says of itself.
pub const TOLD_NUMBERS: &[&str] = &["page", "current_page", "page_number", "currentPage", "pageNumber"];
/// Names of how long a page may be in what it says of itself.
pub const TOLD_SIZES: &[&str] = &["limit", "per_page", "page_size", "perPage", "pageSize"];
/// Where the number of the next page stands.
pub const NEXT_NUMBERS: &[&str] =
    &["/pagination/next", "/next_page", "/pagination/next_page", "/meta/next_page"];
/// Where a cursor stands that the next request has to hold, under a name that nothing tells.
pub const CURSORS: &[&str] = &[
    "/next_cursor",
    "/nextCursor",
    "/meta/next_cursor",
    "/pagination/next_cursor",
    "/paging/next_cursor",
    "/response_metadata/next_cursor",
    "/nextPageToken",
    "/next_page_token",
    "/nextToken",
    "/NextToken",
];
