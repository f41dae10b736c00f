package crux

/*
#cgo !crux_static pkg-config: crux
#cgo crux_static,amd64 LDFLAGS: -L${SRCDIR}/lib/linux_amd64
#cgo crux_static,arm64 LDFLAGS: -L${SRCDIR}/lib/linux_arm64
#cgo crux_static LDFLAGS: -l:libcrux.a -lm -lpthread -ldl
#cgo CFLAGS: -std=gnu99 -Wall
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"sync"
)

// checkLibrary refuses a library that is older than what this package was made from; everything begins with it.
var checkLibrary = sync.OnceValue(func() error {
	if abi := int(C.crux_abi()); abi < headerABI {
		return &Error{Code: ErrInternal, Message: fmt.Sprintf(
			"The library %s that was loaded is edition %d (version %s); this package needs edition %d (version %s) or "+
				"later. Install that, or build with the tag crux_static.",
			soname, abi, Version(), headerABI, headerVersion)}
	}
	return nil
})

// Version returns the version of the library that is loaded, such as "0.2.0". Since 0.2.
func Version() string { return C.GoString(C.crux_version()) }
