//! One installation at a time in a data directory.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use super::{InstallError, Phase, Progress, io_error};

/// Held while an installation works in a data directory. The system lets go of it when the process ends, however it
/// ends, so a killed installation blocks nobody.
#[derive(Debug)]
pub(super) struct InstallLock(
    #[expect(dead_code, reason = "held for its lock, which goes with it")] File,
);

impl InstallLock {
    /// Takes the lock; waits visibly while another installation has it.
    pub(super) fn take(data_dir: &Path, progress: &dyn Progress) -> Result<Self, InstallError> {
        let path = data_dir.join("install.lock");
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(io_error("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                progress.begin(Phase::Waiting, 0);
                file.lock().map_err(io_error("lock", &path))?;
                progress.end(Phase::Waiting);
            }
            Err(TryLockError::Error(error)) => return Err(io_error("lock", &path)(error)),
        }
        Ok(Self(file))
    }
}
