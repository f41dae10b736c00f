//! What is installed and shipped, and the pages that are made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sandbox::Sandbox;
use support::program::{command, compile, fresh, project};

use crate::{passes, said};

#[test]
fn what_is_generated_is_not_stale() {
    passes(Command::new("python3").arg("packaging/manual.py"));
    passes(Command::new("python3").arg("packaging/licences.py"));
    let site = fresh("site");
    passes(Command::new("python3").arg("packaging/site.py").arg(&site));
    let reference = fs::read_to_string(site.join("reference.html")).unwrap();
    assert!(reference.contains("<h3 id=\"crux_login\">"));
    let languages = fs::read_to_string(site.join("languages.html")).unwrap();
    assert!(languages.contains("<a href=\"python.html\">python</a>"));
}

#[test]
fn every_example_of_the_reference_runs() {
    let sandbox = Sandbox::start();
    let program = compile(&project("docs/examples.c"));
    let folder = fresh("reference");
    fs::write(folder.join("rows.csv"), "id\n1\n").unwrap();
    let base = format!("{}/api/", sandbox.https());
    let arguments = [base.as_str(), sandbox.ca_file().to_str().unwrap(), "battery staple"];
    let ran = command(&program, &arguments, &[]).current_dir(&folder).output().unwrap();
    let said = said(&ran);
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("== crux_call_logout") && said.contains("The password is right."), "{said}");
}

#[test]
fn make_explains_itself_and_an_old_rust() {
    let help = passes(Command::new("make").arg("help"));
    for target in ["install", "uninstall", "check", "dist", "packages", "docs", "clean"] {
        assert!(help.contains(&format!("make {target} ")), "{target}: {help}");
    }
    let folder = fresh("rust");
    let old = folder.join("rustc");
    fs::write(&old, "#!/bin/sh\necho 'rustc 1.40.0 (73528e339 2019-12-16)'\n").unwrap();
    fs::set_permissions(&old, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let check = |rustc: &str| {
        let script = project("packaging/rust.sh");
        let ran = Command::new("sh").arg(script).env("RUSTC", rustc).output().unwrap();
        (ran.status.success(), said(&ran))
    };
    let (good, sentence) = check(old.to_str().unwrap());
    assert!(
        !good && sentence.contains("or later, and this is Rust 1.40.0: type \"rustup update\""),
        "{sentence}"
    );
    let (good, sentence) = check("/no/such/rustc");
    assert!(!good && sentence.contains("https://rustup.rs"), "{sentence}");
    assert_eq!(check("rustc"), (true, String::new()));
}

/// A copy of the files that an order of packaging/ needs, in a folder of that name.
fn copy_of(name: &str, files: &[&str]) -> PathBuf {
    let folder = fresh(name);
    for file in files {
        let to = folder.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(project(file), to).unwrap();
    }
    folder
}

fn executable(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

/// Where an installation is staged, so that nothing of this computer is renewed.
fn stage(folder: &Path) -> PathBuf {
    folder.join("stage/usr")
}

/// packaging/install.sh for what stands for the things that make has made.
fn installer(folder: &Path, what: &str) -> Command {
    let made = folder.join("made");
    fs::create_dir_all(&made).unwrap();
    for name in ["libcrux.so.0.0.1", "libcrux.a", "crux"] {
        fs::write(made.join(name), name).unwrap();
    }
    let mut command = Command::new("sh");
    command.arg(project("packaging/install.sh")).arg(what).env("VERSION", "0.0.1").env("MADE", made);
    command.env("PREFIX", "/usr").env("DESTDIR", folder.join("stage")).env_remove("PC_PREFIX");
    for (name, folder) in [
        ("BINDIR", "bin"),
        ("LIBDIR", "lib"),
        ("INCLUDEDIR", "include"),
        ("DATADIR", "share"),
        ("MANDIR", "share/man"),
        ("DOCDIR", "share/doc/crux"),
    ] {
        command.env(name, Path::new("/usr").join(folder));
    }
    command
}

/// Every file and folder below this one, by its path from there.
fn below(folder: &Path) -> Vec<String> {
    let found = passes(Command::new("find").arg(folder).args(["-mindepth", "1", "-printf", "%P\n"]));
    let mut found: Vec<_> = found.lines().map(str::to_owned).collect();
    found.sort();
    found
}

#[test]
fn two_installations_at_once_into_one_folder() {
    let folder = fresh("twice");
    let prefix = stage(&folder);
    passes(&mut installer(&folder, "install"));
    let alone = below(&prefix);
    assert!(alone.contains(&"lib/cmake/crux/crux-config.cmake".to_owned()), "{alone:?}");
    for _ in 0..4 {
        fs::remove_dir_all(&prefix).unwrap();
        let both = [(); 2].map(|()| {
            let mut command = installer(&folder, "install");
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        });
        for one in both {
            let ran = one.wait_with_output().unwrap();
            assert!(ran.status.success(), "{}", said(&ran));
        }
        assert_eq!(below(&prefix), alone);
    }
    // What goes again: every file, and the folders that nothing else fills.
    passes(&mut installer(&folder, "uninstall"));
    let left = below(&prefix);
    assert!(left.iter().all(|path| prefix.join(path).is_dir()), "{left:?}");
    for own in ["share/doc/crux", "lib/cmake", "lib/pkgconfig"] {
        assert!(!left.iter().any(|path| path.starts_with(own)), "{own} is left: {left:?}");
    }
}

#[test]
fn links_of_installed_pages_lead_to_what_is_installed() {
    let folder = fresh("links");
    passes(&mut installer(&folder, "install"));
    let docs = stage(&folder).join("share/doc/crux");
    let (mut dead, mut looked) = (Vec::new(), 0);
    for page in below(&docs).iter().filter(|name| name.ends_with(".md")) {
        let text = fs::read_to_string(docs.join(page)).unwrap();
        let links = text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap());
        for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
            looked += 1;
            if !docs.join(link).exists() {
                dead.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(looked > 15, "only {looked} links were found");
}

const DIST: [&str; 4] = ["packaging/dist.sh", "packaging/rust.sh", "packaging/zig.sh", "Cargo.toml"];

#[test]
fn a_folder_that_programs_could_not_be_told_is_refused() {
    let folder = fresh("prefixes");
    for (prefix, why) in [
        ("opt/crux", "does not begin with a slash"),
        ("", "does not begin with a slash"),
        ("/opt/a'b", "holds a character that pkg-config or CMake would act on"),
        ("/opt/$HOME", "holds a character that pkg-config or CMake would act on"),
    ] {
        let ran = installer(&folder, "install").env("PREFIX", prefix).output().unwrap();
        let said = said(&ran);
        assert!(!ran.status.success() && said.starts_with(&format!("PREFIX={prefix} {why}")), "{said}");
        assert!(!stage(&folder).exists(), "something was installed");
    }
    passes(installer(&folder, "install").env("PREFIX", "/opt/a b"));
}

#[test]
fn make_dist_refuses_a_folder_with_a_blank() {
    let folder = copy_of("a blank", &DIST);
    let ran = Command::new("sh").arg(folder.join("packaging/dist.sh")).output().unwrap();
    assert!(!ran.status.success() && said(&ran).contains("choose one without a blank"), "{}", said(&ran));
    assert!(!folder.join("target").exists());
}

#[test]
fn what_make_dist_skips_is_not_left_from_an_earlier_build() {
    let folder = copy_of("skipped", &DIST);
    let script = fs::read_to_string(project("packaging/zig.sh")).unwrap();
    let version = |name: &str| {
        let at = script.find(&format!("{name}=")).expect("a version") + name.len() + 1;
        script[at..].split_whitespace().next().unwrap().to_owned()
    };
    let zig =
        format!("target/zig-{}-{}/bin/cargo-zigbuild", version("zig_version"), version("zigbuild_version"));
    executable(&folder.join(zig), "#!/bin/sh\nexit 1\n");
    let old = ["target/libcrux/no-such-machine/lib", "target/libcrux/no-such-machine.made"];
    for old in old {
        fs::create_dir_all(folder.join(old)).unwrap();
    }
    let ran = Command::new("sh").arg(folder.join(DIST[0])).arg("no-such-machine").output().unwrap();
    assert!(ran.status.success() && said(&ran).contains("dist: no-such-machine SKIPPED: "), "{}", said(&ran));
    assert!(old.iter().all(|old| !folder.join(old).exists()));
}

#[test]
fn symbols_have_the_release_that_brought_them() {
    let script = |words: &[&str]| passes(Command::new("sh").arg("packaging/symbols.sh").args(words));
    let header = fs::read_to_string(project("include/crux.json")).unwrap();
    let header: serde_json::Value = serde_json::from_str(&header).unwrap();
    let printed = script(&[]);
    for function in header["functions"].as_array().unwrap() {
        let name = function["name"].as_str().unwrap();
        assert!(printed.contains(&format!("\n {name}@CRUX_0 0.")), "{name}: {printed}");
    }
    let later = fresh("symbols").join("later.h");
    let text = "@since 0.1\nint32_t crux_old(void);\n@since 0.11\nconst char *crux_new(int a,\n    int b);\n\
                @since 1.0.3\nvoid crux_newer(void);\n";
    fs::write(&later, text).unwrap();
    let later = later.to_str().unwrap();
    let lines = [
        "libcrux.so.0 libcrux0 #MINVER#",
        "* Build-Depends-Package: libcrux-dev",
        " CRUX_0@CRUX_0 0.2.0",
        " crux_new@CRUX_0 0.11.0",
        " crux_newer@CRUX_0 1.0.3",
        " crux_old@CRUX_0 0.2.0",
        "",
    ];
    assert_eq!(script(&[later]), lines.join("\n"));
    assert_eq!(script(&["--newest", later]), "1.0.3\n");
}
