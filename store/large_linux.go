package store

import (
	"syscall"
	"unsafe"
)

// inLargePages asks for large pages for memory that is not used yet. It is a hint:
// without it everything works, only later.
func inLargePages(b []byte) {
	const page = 2 << 20 // where pages are larger, the system refuses
	if len(b) < large {
		return
	}
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(b))) % page
	b = b[skip:]
	_ = syscall.Madvise(b[:len(b)/page*page], syscall.MADV_HUGEPAGE)
}
