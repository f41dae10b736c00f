//! What a page of a list says of the next one, in every shape that services have.

use crate::error::{Code, Error, Result};
use crate::flows::page_words::{
    ABOUT, CURSORS, LAST, MORE, NEXT_NUMBERS, NUMBERS, PAGE_NAMES, STARTS, SURE_TOTALS, TOLD_NUMBERS,
    TOLD_SIZES,
};
use crate::json::{Json, Type, escape};
use crate::service::Pages;

/// Where the next page is.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    None,
    Link(String),
    /// From another start, or the page of another number; and shorter, where the server gives no longer ones.
    At {
        name: String,
        start: i64,
        size: Option<(&'static str, i64)>,
        /// Whether it is asked for only to see whether there is one.
        probe: bool,
    },
}

/// A page, and what was asked for.
pub struct Page<'a> {
    pub json: Json<'a>,
    pub pages: &'static Pages,
    /// The one place to look at, if an option names it.
    pub next_pointer: Option<&'a str>,
    /// The link that its head has named.
    pub link: Option<String>,
    /// Whether the caller asked for this page, and not a page before it.
    pub first: bool,
    /// A number in the request.
    pub asked: &'a dyn Fn(&str) -> Option<i64>,
}

/// Fewer elements than this are no limit of pages by number, of which one beyond the end may be an error.
const SMALLEST_CAP: i64 = 10;

pub fn stuck() -> Error {
    let what = "The server does not advance: the next page is the same one again. It may not know the numbers in the request that ask for a page; then the first page is all that it gives.";
    Error::new(Code::Protocol, what)
}

impl Page<'_> {
    pub fn next(&self) -> Result<Next> {
        if let Some(pointer) = self.next_pointer {
            return Ok(self.link_at(pointer, false)?.unwrap_or(Next::None));
        }
        if let Some(link) = &self.link {
            return Ok(Next::Link(link.clone()));
        }
        let mut ended = false;
        for pointer in self.pages.links {
            match self.link_at(pointer, true)? {
                // Another place may have the link.
                Some(Next::None) => ended = true,
                Some(next) => return Ok(next),
                None => {}
            }
        }
        if ended {
            return Ok(Next::None);
        }
        if let Some(next) = self.link_in_list()? {
            return Ok(next);
        }
        let says = |places: &[&str], word: &str| {
            places
                .iter()
                .any(|at| self.json.kind(at) == Type::Bool && self.json.get(at).is_some_and(|t| t == word))
        };
        if says(MORE, "false") || says(LAST, "true") {
            return Ok(Next::None);
        }
        match self.json.kind("/pagination/next_start_index") {
            Type::None => {}
            Type::Null => return Ok(Next::None),
            _ => {
                let start = self.json.int("/pagination/start").or((self.asked)("start")).unwrap_or(0);
                return match self.json.int("/pagination/next_start_index") {
                    Some(next) if next > start => Ok(at("start", next)),
                    _ => Err(stuck()),
                };
            }
        }
        let goes_on = says(MORE, "true");
        if let Some(next) = self.by_number() {
            return Ok(next);
        }
        self.by_cursor()?;
        let next = match self.by_number_alone(goes_on)? {
            Some(next) => next,
            None => self.by_count(goes_on)?,
        };
        match next {
            Next::None if goes_on && self.length() > 0 => Err(Error::new(
                Code::Protocol,
                "The page says that another one follows, but not where it is; ask for pages by number or by limit and offset, as the service documents.",
            )),
            next => Ok(next),
        }
    }

    /// An error for a page that names the next one by a cursor, unless the request counts by itself.
    fn by_cursor(&self) -> Result<()> {
        let has_one = |at: &&&str| match self.json.kind(at) {
            Type::String => self.json.string(at).is_some_and(|text| !text.is_empty()),
            kind => kind == Type::Number,
        };
        let counts = STARTS.iter().chain(PAGE_NAMES).any(|name| (self.asked)(name).is_some());
        match CURSORS.iter().find(has_one).filter(|_| !counts) {
            Some(at) => Err(Error::new(
                Code::Protocol,
                format!(
                    "The page names the next one by a cursor, at {at}, rather than by a link; send the same request with it in the query, under the name that the service documents."
                ),
            )),
            None => Ok(()),
        }
    }

    /// The link that stands at a pointer; `None` if nothing does.
    fn link_at(&self, pointer: &str, usual: bool) -> Result<Option<Next>> {
        let wrong = || {
            let what = format!("The link to the next page, at {pointer}, is neither a text nor null.");
            Err(Error::new(Code::Protocol, what))
        };
        match self.json.kind(pointer) {
            Type::None => Ok(None),
            Type::Null => Ok(Some(Next::None)),
            Type::Bool if self.json.get(pointer).is_some_and(|text| text == "false") => Ok(Some(Next::None)),
            Type::String => {
                let link = self.json.string(pointer).unwrap_or_default();
                Ok(Some(if link.is_empty() { Next::None } else { Next::Link(link.into_owned()) }))
            }
            // The number of a page, which others of its kind tell better.
            Type::Number if usual && NEXT_NUMBERS.contains(&pointer) => Ok(None),
            Type::Object if pointer.ends_with("links/next") => {
                match self.json.string(&format!("{pointer}/href")) {
                    Some(link) if !link.is_empty() => Ok(Some(Next::Link(link.into_owned()))),
                    _ => wrong(),
                }
            }
            _ => wrong(),
        }
    }

    /// A link out of a list such as `[{"rel": "next", "href": …}]`.
    fn link_in_list(&self) -> Result<Option<Next>> {
        if self.json.kind("/links") != Type::Array {
            return Ok(None);
        }
        let all = 0..self.json.count("/links").min(100);
        let mut next =
            all.filter(|n| self.json.string(&format!("/links/{n}/rel")).is_some_and(|rel| rel == "next"));
        match next.next() {
            Some(n) => self.link_at(&format!("/links/{n}/href"), true),
            None => Ok(None),
        }
    }

    /// By the number of this page and that of all.
    fn by_number(&self) -> Option<Next> {
        let found = ABOUT.iter().flat_map(|about| NUMBERS.iter().map(move |row| (about, row)));
        let (number, count, from_zero) = found
            .filter_map(|(about, (number, count, from_zero))| {
                let int = |name: &str| self.json.int(&format!("{about}/{name}"));
                Some((int(number)?, int(count)?, *from_zero))
            })
            .next()?;
        let last = if from_zero || number == 0 { count - 1 } else { count };
        let asked = PAGE_NAMES.iter().find(|name| (self.asked)(name).is_some());
        match number < last {
            true => Some(at(asked.unwrap_or(&"page"), number + 1)),
            false => Some(Next::None),
        }
    }

    /// By the number of this page, where how many there are is not told.
    fn by_number_alone(&self, goes_on: bool) -> Result<Option<Next>> {
        let asked = PAGE_NAMES.iter().find_map(|name| Some((*name, (self.asked)(name)?)));
        let told = TOLD_NUMBERS.iter().find_map(|name| self.about(name));
        let starts = |name: &&str| (self.asked)(name).is_some() || self.about(name).is_some();
        let Some(number) = told.or(asked.map(|(_, number)| number)).filter(|_| !STARTS.iter().any(starts))
        else {
            return Ok(None);
        };
        let name = asked.map_or("page", |(name, _)| name);
        let length = self.length() as i64;
        if asked.is_some_and(|(_, asked)| number < asked) && length > 0 {
            return Err(stuck());
        }
        let next = NEXT_NUMBERS.iter().find_map(|at| self.json.int(at));
        if let Some(next) = next.filter(|next| *next > number) {
            return Ok(Some(at(name, next)));
        }
        let asked_size = self.asked_size();
        let size = self.told_size().or(asked_size.map(|(_, size)| size));
        let mut capped = None;
        let ends = match (self.total(), size) {
            _ if length == 0 => true,
            // If pages count from 0, one empty page too late.
            (Some((_, total)), Some(size)) => number.saturating_mul(size) >= total,
            // The first page is as long as all but the last one, after which one more is empty.
            (Some((_, total)), None) if told.is_some() => number.saturating_mul(length) >= total,
            (None, Some(size)) if asked.is_some() => {
                let short = length < size;
                capped = asked_size.filter(|_| short && number <= 1 && self.is_capped(length));
                short && !goes_on && capped.is_none()
            }
            _ => return Ok(None),
        };
        let next = number.saturating_add(1);
        let size = capped.map(|(name, _)| (name, length));
        let probe = size.is_some();
        Ok(Some(if ends { Next::None } else { Next::At { name: name.to_owned(), start: next, size, probe } }))
    }

    /// By how many elements there are before, here, and in all.
    fn by_count(&self, goes_on: bool) -> Result<Next> {
        let length = self.length() as i64;
        let asked_start = STARTS.iter().find_map(|name| Some((*name, (self.asked)(name)?)));
        let told_start = STARTS.iter().find_map(|name| Some((*name, self.about(name)?)));
        let (asked_size, told_size, total) = (self.asked_size(), self.told_size(), self.total());
        let in_pagination = self.json.kind("/pagination") == Type::Object;
        // Of these a total alone is a page of a list; elsewhere it may be a sum of money.
        let surely = in_pagination || total.is_some_and(|(place, _)| SURE_TOTALS.contains(&place));
        if asked_start.is_none()
            && told_start.is_none()
            && asked_size.is_none()
            && !(surely && total.is_some())
        {
            // Where nothing else tells, it is the number of the next page.
            let number = self.json.int("/pagination/next").filter(|number| *number > 1 && length > 0);
            return Ok(number.map_or(Next::None, |number| at("page", number)));
        }
        let usual = if in_pagination
            || total.is_some_and(|(place, _)| place == "/total_results")
            || asked_size.is_some_and(|(name, _)| name == "total")
        {
            "start"
        } else {
            "offset"
        };
        let name = asked_start.or(told_start).map_or(usual, |(name, _)| name);
        let start = told_start.or(asked_start).map_or(0, |(_, start)| start);
        if let Some((_, asked)) = asked_start
            && start < asked
            && length > 0
        {
            return Err(stuck());
        }
        let next = start.saturating_add(length);
        if let Some((_, total)) = total {
            return Ok(if length == 0 || next >= total { Next::None } else { at(name, next) });
        }
        let short = told_size.or(asked_size.map(|(_, size)| size)).is_some_and(|size| length < size);
        let capped = self.is_capped(length) || start == 0 && self.is_capped_low(length);
        if length == 0 || short && !goes_on && !capped {
            return Ok(Next::None);
        }
        // From now on a shorter page is the last one.
        let size = asked_size.filter(|_| short).map(|(name, _)| (name, length));
        Ok(Next::At { name: name.to_owned(), start: next, size, probe: short && !goes_on })
    }

    /// Whether a first page is short because the server gives no longer ones: then it has a number of elements that
    /// people set as a limit. If that is all there is, the next page is empty, which is better than a list that ends
    /// early.
    fn is_capped(&self, length: i64) -> bool {
        let is_usual = length % 5 == 0 || length % 12 == 0 || length.count_ones() == 1;
        self.first && self.told_size().is_none() && length >= SMALLEST_CAP && is_usual
    }

    /// The same of a list by offsets, beyond whose end there is an empty page rather than an error: of few elements any
    /// number may be the most that a server gives, but for a single one.
    fn is_capped_low(&self, length: i64) -> bool {
        self.first && self.told_size().is_none() && (2..SMALLEST_CAP).contains(&length)
    }

    fn asked_size(&self) -> Option<(&'static str, i64)> {
        self.pages.sizes.iter().find_map(|name| Some((*name, (self.asked)(name)?)))
    }

    fn told_size(&self) -> Option<i64> {
        TOLD_SIZES.iter().find_map(|name| self.about(name))
    }

    /// Where the number of all elements stands, and that number.
    fn total(&self) -> Option<(&'static str, i64)> {
        let totals = self.pages.totals.iter().filter(|at| self.json.kind(at) == Type::Number);
        totals.copied().find_map(|at| Some((at, self.json.int(at)?)))
    }

    /// How many equal pages in a row may be honest; `None` = any number, as of values, or where a total ends it. Of few
    /// elements, or of things, after which nothing need come, one.
    pub fn most_equal(&self, probe: bool) -> Option<u32> {
        if probe && (self.length() as i64) < SMALLEST_CAP {
            return Some(1);
        }
        let at = self.list()?;
        let of_objects = [self.json.kind(&at), self.json.kind(&format!("{at}/0"))].contains(&Type::Object);
        match self.asked_size() {
            _ if self.total().is_some() => None,
            Some((_, size)) if self.length() as i64 > size => Some(1),
            _ => (of_objects && !self.repeats_itself(&at)).then_some(if probe { 1 } else { 2 }),
        }
    }

    /// Whether elements of a list are equal: then they are values, such as missing ones, and no things of their own.
    fn repeats_itself(&self, at: &str) -> bool {
        let element = |index: usize| self.json.get(&format!("{at}/{index}"));
        self.json.kind(at) == Type::Array && self.json.count(at) > 1 && element(0) == element(1)
    }

    /// A number that the page says of itself.
    fn about(&self, name: &str) -> Option<i64> {
        ABOUT.iter().find_map(|about| {
            let pointer = format!("{about}/{name}");
            self.json.int(&pointer).filter(|_| self.json.kind(&pointer) == Type::Number)
        })
    }

    /// How many elements a page has.
    fn length(&self) -> usize {
        self.list().map_or(0, |at| self.json.count(&at))
    }

    /// Where the elements of a page stand: the whole, one of the service's usual places, or its first list.
    fn list(&self) -> Option<String> {
        let page = &self.json;
        if page.kind("") == Type::Array {
            return Some(String::new());
        }
        let is_list = |at: &&&str| matches!(page.kind(at), Type::Array | Type::Object);
        if let Some(at) = self.pages.items.iter().find(is_list) {
            return Some((*at).to_owned());
        }
        // A table: columns, all equally long.
        if page.kind("/data") == Type::Object {
            return page.key("/data", 0).map(|key| format!("/data/{}", escape(&key)));
        }
        let keys = (0..page.count("")).filter_map(|index| page.key("", index));
        keys.map(|key| format!("/{}", escape(&key))).find(|at| page.kind(at) == Type::Array)
    }
}

fn at(name: &str, start: i64) -> Next {
    Next::At { name: name.to_owned(), start, size: None, probe: false }
}

#[cfg(test)]
mod tests;
