//! As whom the server runs. PostgreSQL refuses to run as root, and rightly; so root drops to the user `postgres`,
//! and to that user's environment: root's own may hold secrets, and its HOME is closed to others.
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{Gid, Uid, User};

use super::ClusterError;

/// The server's user.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    uid: Uid,
    gid: Gid,
    name: String,
    home: PathBuf,
    /// Whether we are root and must become this user.
    drops: bool,
}

impl Owner {
    pub(super) fn for_this_process() -> Result<Self, ClusterError> {
        let uid = Uid::effective();
        let lookup = if uid.is_root() { User::from_name("postgres") } else { User::from_uid(uid) };
        let user = lookup.ok().flatten();
        match user {
            Some(user) => {
                Ok(Self { uid: user.uid, gid: user.gid, name: user.name, home: user.dir, drops: uid.is_root() })
            }
            None if uid.is_root() => Err(ClusterError::NoUser),
            // A container may run us under a number that no user has: then it has no name, but that is no harm.
            None => Ok(Self { uid, gid: Gid::effective(), name: uid.to_string(), home: "/".into(), drops: false }),
        }
    }

    pub(super) fn uid(&self) -> u32 {
        self.uid.as_raw()
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A command that runs as the server's user, from the root folder, with a clean environment and no input.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).current_dir("/").env_clear();
        command.env("HOME", &self.home).env("USER", &self.name).env("LOGNAME", &self.name);
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LANG", "C.UTF-8").env("TZ", "UTC");
        if self.drops {
            // Setting a uid as root also empties the list of further groups (std's documented behaviour).
            command.uid(self.uid.as_raw()).gid(self.gid.as_raw());
        }
        command
    }

    /// Gives a folder that exists to the server's user and closes it to others.
    pub(super) fn take(&self, dir: &Path) -> Result<(), ClusterError> {
        let about = std::fs::symlink_metadata(dir).map_err(|error| ClusterError::io("look at", dir, error))?;
        if self.drops && about.uid() != self.uid() {
            std::os::unix::fs::lchown(dir, Some(self.uid()), Some(self.gid.as_raw()))
                .map_err(|error| ClusterError::io("give away", dir, error))?;
        }
        if about.permissions().mode() & 0o777 != 0o700 {
            std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
                .map_err(|error| ClusterError::io("close to others", dir, error))?;
        }
        Ok(())
    }
}

/// Whether the server's user can pass through every folder above `dir`: root's home, for one, is closed to it.
pub fn reachable(dir: &Path) -> Result<(), ClusterError> {
    let owner = Owner::for_this_process()?;
    for above in dir.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
        let Ok(about) = std::fs::metadata(above) else { continue };
        let mode = about.permissions().mode();
        let open = if about.uid() == owner.uid() {
            mode & 0o100 != 0
        } else if about.gid() == owner.gid.as_raw() {
            mode & 0o010 != 0
        } else {
            mode & 0o001 != 0
        };
        if !open {
            return Err(ClusterError::Closed { closed: above.to_owned(), user: owner.name().to_owned() });
        }
    }
    Ok(())
}
