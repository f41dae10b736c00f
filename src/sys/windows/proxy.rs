//! The proxy that the system names: the static one of the user's Internet Options.

use std::ptr::null_mut;

use windows_sys::Win32::System::Registry::{
    HKEY_CURRENT_USER, RRF_RT_REG_DWORD, RRF_RT_REG_SZ, RegGetValueW,
};
use windows_sys::core::{PCWSTR, w};

const PLACE: PCWSTR = w!("Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings");

/// Whether `http_proxy` and `HTTP_PROXY` are two variables.
pub const CASE_COUNTS: bool = false;

fn value(name: PCWSTR, kind: u32) -> Option<Vec<u16>> {
    let mut space = vec![0_u16; 8192];
    let mut size = size_of_val(space.as_slice()) as u32;
    let into = space.as_mut_ptr().cast();
    // SAFETY: the names end in a NUL; the space is as large as the call is told.
    let code = unsafe { RegGetValueW(HKEY_CURRENT_USER, PLACE, name, kind, null_mut(), into, &raw mut size) };
    space.truncate(size as usize / 2);
    (code == 0).then_some(space)
}

fn text(name: PCWSTR) -> String {
    let units = value(name, RRF_RT_REG_SZ).unwrap_or_default();
    String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned()
}

/// The proxy, as `HOST:PORT` or `http=HOST:PORT;https=…;socks=…`, and the hosts that are reached without it, separated
/// by `;`. A script that finds a proxy is not run.
pub fn named() -> Option<(String, String)> {
    let enabled = value(w!("ProxyEnable"), RRF_RT_REG_DWORD)?;
    let server = text(w!("ProxyServer"));
    (enabled.first() == Some(&1) && !server.is_empty()).then(|| (server, text(w!("ProxyOverride"))))
}
