//! `lianzhi`: the program. One file for each command in `commands`; everything else here is what they share.

mod bench;
mod commands;
mod config;
mod failure;
mod home;
mod logs;
mod machine;
mod seal;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Lianzhi (联执): from a report to a named officer to a closed, provable file.
#[derive(Debug, Parser)]
#[command(name = "lianzhi", version, about, arg_required_else_help = true)]
struct Program {
    #[command(subcommand)]
    command: commands::Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    let program = Program::parse();
    match program.command.run().await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("错误：{failure}");
            // 1 is for findings (verify, doctor); what could not be done at all is 2.
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Program::command().debug_assert();
    }
}
