//! `jianghai`: parse the command line, do it, and say plainly what went wrong.
use std::process::ExitCode;

use clap::Parser;
use jianghai::cli::{Cli, Command};
use jianghai::{bench, boot, demo, doctor, hotline, ingest, serve};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    serve::start_log(&cli.command);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("jianghai: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("jianghai: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let place = &cli.place;
    match &cli.command {
        Command::Serve(options) => serve::serve(place, options).await.map(|()| ExitCode::SUCCESS),
        Command::Demo(options) => {
            let booted = boot::boot(place).await?;
            let composed = boot::compose(booted.base.clone(), jh_web::app::Settings::default())?;
            let done = demo::load(&composed, options).await;
            booted.stop().await?;
            done?;
            demo::print_accounts();
            Ok(ExitCode::SUCCESS)
        }
        Command::Migrate => {
            boot::boot(place).await?.stop().await?;
            println!("the schema is up to date");
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor => doctor::examine(place).await,
        Command::Ingest(options) => ingest::ingest(place, options).await,
        Command::Hotline(options) => hotline::hotline(place, options).await,
        Command::Audit(options) => jianghai::audit::audit(place, options).await,
        Command::Openapi => serve::print_openapi(),
        Command::Bench(options) => bench::bench(place, options).await,
    }
}
