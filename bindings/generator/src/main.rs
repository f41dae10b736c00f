//! `make bindings`

fn main() -> std::io::Result<()> {
    for place in generator::write()? {
        println!("bindings/{place}");
    }
    Ok(())
}
