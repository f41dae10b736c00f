//! `crux.hpp`, used by a program that is built with the sanitizers of addresses and of undefined behaviour.

use std::process::Command;

use sandbox::Sandbox;
use sandbox::fault::{FaultServer, Step};
use support::lacking;
use support::program::{Build, fresh, is_there, project, run, run_tool, tool};

const PROGRAM: &str = "tests/examples/cpp.cpp";
const WARNINGS: [&str; 4] = ["-Wpedantic", "-Wshadow", "-Wconversion", "-Wsign-conversion"];
const SANITIZERS: [&str; 2] = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/// The usual compiler, and the others that are here.
fn compilers() -> Vec<String> {
    let usual = tool("CXX", "c++");
    let is_other = |name: &String| *name != usual && is_there(name);
    let others: Vec<_> = ["g++", "clang++"].map(str::to_owned).into_iter().filter(is_other).collect();
    [vec![usual], others].concat()
}

/// Why it cannot link the sanitizers.
fn lacks_sanitizers(compiler: &str) -> Option<String> {
    let folder = fresh("cpp-probe");
    let source = folder.join("probe.cpp");
    std::fs::write(&source, "int main() { return 0; }\n").unwrap();
    let mut command = Command::new(compiler);
    let output = command.args(SANITIZERS).arg(&source).arg("-o").arg(folder.join("probe")).output();
    match output {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(why) => Some(why.to_string()),
    }
}

/// The server that it calls with the second argument ends each response in the middle.
#[test]
fn the_header_for_cpp_does_what_it_says_under_the_sanitizers() {
    let half = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    for (number, compiler) in compilers().iter().enumerate() {
        let mut build = Build::by(compiler, "c++17").flags(&WARNINGS).libraries(&["-pthread"]);
        match lacks_sanitizers(compiler) {
            None => build = build.flags(&SANITIZERS),
            Some(why) if number == 0 => {
                panic!("{compiler} cannot link the sanitizers, install libasan and libubsan: {why}")
            }
            Some(_) => lacking("the sanitizers", &format!("{compiler} cannot link them")),
        }
        let program = fresh("cpp").join(compiler.replace('/', "_"));
        let program = build.build(&program, &[project(PROGRAM)]);
        let sandbox = Sandbox::start();
        let broken = FaultServer::start(vec![Step::ReadRequest, half.clone(), Step::Close]);
        run(&program, &[&sandbox.http(), &broken.url()], &[]).expect_quiet_success(compiler);
    }
}

#[test]
fn that_program_is_clean_in_each_standard() {
    for compiler in compilers() {
        for standard in ["c++20", "c++2b"] {
            let mut command = Command::new(&compiler);
            command.arg(format!("-std={standard}")).args(["-Wall", "-Wextra", "-Werror"]).args(WARNINGS);
            command.arg("-fsyntax-only").arg("-I").arg(project("include"));
            run_tool(command.arg(project(PROGRAM)));
        }
    }
}
