//! Access lists: to whom a file belongs, and who may read it.

use std::fs::File;
use std::io;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null_mut;
use std::slice;

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security as sec;
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo,
    SDDL_REVISION_1, SE_FILE_OBJECT,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use super::checked;

/// Rights that let somebody read or write the data, or take such a right.
const USES: u32 =
    0x0001 | 0x0002 | 0x0004 | 0x0004_0000 | 0x0008_0000 | 0x1000_0000 | 0x4000_0000 | 0x8000_0000;

/// Kinds of entries: those that allow in the plain way, and those that do not allow anything.
const ALLOWS: u8 = 0;
const ALLOWS_NOTHING: [u8; 6] = [1, 2, 3, 6, 7, 8];

fn refused(code: u32) -> io::Result<()> {
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code as i32)) }
}

/// Memory that the system made for us to free.
pub struct Local(*mut core::ffi::c_void);

impl Local {
    /// What the system calls a security descriptor, if that is what it made.
    pub fn as_descriptor(&self) -> sec::PSECURITY_DESCRIPTOR {
        self.0
    }

    /// Gives the file of this name the access list of the descriptor, and nothing else: `SetNamedSecurityInfoW` adds
    /// what the folder hands down.
    pub fn give_to(&self, name: &[u16]) -> io::Result<()> {
        // SAFETY: the name ends in a NUL, the descriptor is valid.
        checked(unsafe { sec::SetFileSecurityW(name.as_ptr(), sec::DACL_SECURITY_INFORMATION, self.0) })
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // SAFETY: the system made it for us to free; NULL is ignored.
        unsafe { LocalFree(self.0) };
    }
}

/// Owner and access list of a file, and what they lie in.
pub struct Access {
    list: *mut sec::ACL,
    owner: sec::PSID,
    within: Local,
}

impl Access {
    pub fn of(file: &File) -> io::Result<Access> {
        let (mut list, mut owner, mut within) = (null_mut(), null_mut(), null_mut());
        let what = sec::DACL_SECURITY_INFORMATION | sec::OWNER_SECURITY_INFORMATION;
        // SAFETY: the handle is open; the pointers are to locals.
        refused(unsafe {
            GetSecurityInfo(
                file.as_raw_handle(),
                SE_FILE_OBJECT,
                what,
                &raw mut owner,
                null_mut(),
                &raw mut list,
                null_mut(),
                &raw mut within,
            )
        })?;
        Ok(Access { list, owner, within: Local(within) })
    }

    /// The list as it is, to be compared with another.
    pub fn bytes(&self) -> &[u8] {
        match self.list.is_null() {
            true => &[],
            // SAFETY: the list is as long as it says.
            false => unsafe { slice::from_raw_parts(self.list.cast(), (*self.list).AclSize.into()) },
        }
    }

    /// Gives the file of this name the list.
    pub fn give_to(&self, name: &[u16]) -> io::Result<()> {
        self.within.give_to(name)
    }

    /// Returns true if the file belongs to this account, or to those who may do anything.
    pub fn belongs_to(&self, me: &Account) -> bool {
        me.is_or_may_do_anything(self.owner)
    }

    /// Returns true if nobody may read or write it but this account and those who may do anything.
    pub fn is_only_for(&self, me: &Account) -> bool {
        // No list at all lets everybody in.
        if self.list.is_null() {
            return false;
        }
        // SAFETY: the list is the system's, and its entries are as the system makes them.
        unsafe {
            (0..u32::from((*self.list).AceCount)).all(|index| {
                let mut entry = null_mut();
                if sec::GetAce(self.list, index, &raw mut entry) == 0 {
                    return false;
                }
                let head = &*entry.cast::<sec::ACE_HEADER>();
                match head.AceType {
                    _ if u32::from(head.AceFlags) & sec::INHERIT_ONLY_ACE != 0 => true,
                    ALLOWS => {
                        let entry = &*entry.cast::<sec::ACCESS_ALLOWED_ACE>();
                        let who = (&raw const entry.SidStart).cast_mut().cast();
                        entry.Mask & USES == 0 || me.is_or_may_do_anything(who)
                    }
                    kind => ALLOWS_NOTHING.contains(&kind),
                }
            })
        }
    }
}

/// The account that the process runs under.
pub struct Account(Vec<u64>);

impl Account {
    pub fn mine() -> io::Result<Account> {
        let mut token = null_mut();
        // SAFETY: the pointer is to a local.
        checked(unsafe { OpenProcessToken(GetCurrentProcess(), sec::TOKEN_QUERY, &raw mut token) })?;
        // SAFETY: the handle was just made and has no other owner.
        let token = unsafe { OwnedHandle::from_raw_handle(token) };
        // Aligned for what it holds; a SID has 68 bytes at most.
        let mut space = vec![0_u64; 16];
        let (size, mut used) = (size_of_val(space.as_slice()) as u32, 0);
        let into = space.as_mut_ptr().cast();
        // SAFETY: the pointers are to locals of the sizes given.
        checked(unsafe {
            sec::GetTokenInformation(token.as_raw_handle(), sec::TokenUser, into, size, &raw mut used)
        })?;
        Ok(Account(space))
    }

    fn sid(&self) -> sec::PSID {
        // SAFETY: the system has put a TOKEN_USER there, which points into the same memory.
        unsafe { (*self.0.as_ptr().cast::<sec::TOKEN_USER>()).User.Sid }
    }

    fn is_or_may_do_anything(&self, who: sec::PSID) -> bool {
        if who.is_null() {
            return false;
        }
        let anything = [sec::WinLocalSystemSid, sec::WinBuiltinAdministratorsSid];
        // SAFETY: both are SIDs of the system's.
        unsafe {
            sec::EqualSid(who, self.sid()) != 0
                || anything.into_iter().any(|known| sec::IsWellKnownSid(who, known) != 0)
        }
    }

    /// A descriptor that lets in this account, the system and who administers it, and inherits nothing.
    pub fn alone(&self) -> io::Result<Local> {
        let mut text = null_mut();
        // SAFETY: the SID is valid; the pointer is to a local.
        checked(unsafe { ConvertSidToStringSidW(self.sid(), &raw mut text) })?;
        let text = Local(text.cast());
        let start: *const u16 = text.0.cast();
        // SAFETY: the text ends in a NUL.
        let sid = unsafe {
            let length = (0..).take_while(|at| *start.add(*at) != 0).count();
            String::from_utf16_lossy(slice::from_raw_parts(start, length))
        };
        descriptor(&format!("D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;{sid})"))
    }
}

/// A security descriptor out of its text form.
pub fn descriptor(text: &str) -> io::Result<Local> {
    let words: Vec<u16> = text.encode_utf16().chain([0]).collect();
    let mut made = null_mut();
    // SAFETY: the text ends in a NUL; the pointer is to a local.
    checked(unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            words.as_ptr(),
            SDDL_REVISION_1,
            &raw mut made,
            null_mut(),
        )
    })?;
    Ok(Local(made))
}
