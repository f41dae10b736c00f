//! Filters of Crunch: which rows an expression keeps.

use serde_json::Value;

use crate::crunch::datasets::Dataset;
use crate::crunch::rows::is_missing;
use crate::crunch::sources::id_of;
use crate::crunch::variables;

/// The rows that a filter keeps, in order. A filter is an expression, a list of them, `{"expression": …}`, or the URL
/// of one that the dataset has; `Err` says what cannot be read.
pub fn kept(dataset: &Dataset, filter: &Value) -> Result<Vec<usize>, String> {
    let mut rows = Vec::new();
    let exclusion = dataset.settings.get("exclusion").unwrap_or(&Value::Null);
    for row in 0..dataset.rows() {
        let out = !is_empty(exclusion) && holds(dataset, exclusion, row)?;
        if !out && holds(dataset, filter, row)? {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn is_empty(filter: &Value) -> bool {
    filter.is_null() || filter.as_object().is_some_and(serde_json::Map::is_empty)
}

fn holds(dataset: &Dataset, filter: &Value, row: usize) -> Result<bool, String> {
    match filter {
        _ if is_empty(filter) => Ok(true),
        Value::Array(all) => all.iter().try_fold(true, |so_far, one| Ok(so_far && holds(dataset, one, row)?)),
        Value::String(url) => holds(dataset, &named(dataset, url)?, row),
        Value::Object(members) => {
            match (members.get("expression"), members.get("filter"), members.get("function")) {
                (Some(inner), ..) | (None, Some(inner), _) => holds(dataset, inner, row),
                (None, None, Some(Value::String(function))) => apply(dataset, function, &filter["args"], row),
                _ => Err(format!("{filter} is not an expression.")),
            }
        }
        _ => Err(format!("{filter} is not an expression.")),
    }
}

/// The expression of a filter of the dataset.
fn named(dataset: &Dataset, url: &str) -> Result<Value, String> {
    let found = dataset.parts.iter().find(|part| part.kind == "filters" && part.id == id_of(url));
    found.map(|part| part.body["expression"].clone()).ok_or(format!("There is no filter {url}."))
}

fn apply(dataset: &Dataset, function: &str, args: &Value, row: usize) -> Result<bool, String> {
    let arg = |n: usize| operand(dataset, &args[n], row);
    let all = || args.as_array().into_iter().flatten();
    let ordered = |wanted: fn(std::cmp::Ordering) -> bool| -> Result<bool, String> {
        let (left, right) = (arg(0)?, arg(1)?);
        let order = match (left.as_f64(), right.as_f64()) {
            (Some(left), Some(right)) => left.partial_cmp(&right),
            _ => left.as_str().zip(right.as_str()).map(|(left, right)| left.cmp(right)),
        };
        Ok(order.is_some_and(wanted))
    };
    match function {
        "and" | "all" => all().try_fold(true, |so_far, one| Ok(so_far && holds(dataset, one, row)?)),
        "or" | "any" => all().try_fold(false, |so_far, one| Ok(so_far || holds(dataset, one, row)?)),
        "not" => Ok(!holds(dataset, &args[0], row)?),
        "==" => ordered(std::cmp::Ordering::is_eq),
        "!=" => Ok(!is_missing(&arg(0)?) && !ordered(std::cmp::Ordering::is_eq)?),
        "<" => ordered(std::cmp::Ordering::is_lt),
        "<=" => ordered(std::cmp::Ordering::is_le),
        ">" => ordered(std::cmp::Ordering::is_gt),
        ">=" => ordered(std::cmp::Ordering::is_ge),
        "in" => Ok(arg(1)?.as_array().is_some_and(|list| arg(0).is_ok_and(|value| list.contains(&value)))),
        "is_missing" => Ok(is_missing(&arg(0)?)),
        "is_valid" => Ok(!is_missing(&arg(0)?)),
        _ => Err(format!("The function '{function}' is not known here.")),
    }
}

fn operand(dataset: &Dataset, arg: &Value, row: usize) -> Result<Value, String> {
    for literal in ["value", "column"] {
        if let Some(value) = arg.get(literal) {
            return Ok(value.clone());
        }
    }
    // By URL, or by alias.
    let definition = match (arg["variable"].as_str(), arg["var"].as_str()) {
        (Some(url), _) => variables::by_url(dataset, url),
        (None, Some(alias)) => {
            let mut all = variables::all(dataset).into_iter().map(|(_, definition)| definition);
            all.find(|definition| definition["alias"] == alias)
        }
        (None, None) => return Err(format!("{arg} is neither a variable nor a value.")),
    };
    let definition = definition.ok_or(format!("There is no variable {arg}."))?;
    Ok(dataset.value(&definition, row))
}
