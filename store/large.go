package store

import (
	"io"
	"os"
	"runtime"
	"sync"
	"unsafe"
)

// Of a large file, most of the time goes into memory that the system hands out
// for the first time, page by page.

// large is the size in bytes from which on memory is asked for in large pages.
const large = 4 << 20

// readSized reads a file that had this size a moment ago, a large one on all
// processors.
func readSized(path string, size int64) ([]byte, error) {
	if size < large {
		return readFile(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return readFile(path)
	}
	defer f.Close()
	data := make([]byte, size)
	inLargePages(data)
	if readParts(f, data) {
		return data, nil
	}
	return io.ReadAll(f) // its size has changed, or the disk has an error to tell
}

// readParts fills data from the beginning of f. It reports whether f ends there.
func readParts(f io.ReaderAt, data []byte) bool {
	parts := runtime.GOMAXPROCS(0)
	whole := make([]bool, parts)
	var readers sync.WaitGroup
	for i := range parts {
		from, to := i*len(data)/parts, (i+1)*len(data)/parts
		readers.Go(func() {
			n, _ := f.ReadAt(data[from:to], int64(from)) // what is missing is seen
			whole[i] = n == to-from
		})
	}
	readers.Wait()
	n, err := f.ReadAt(make([]byte, 1), int64(len(data)))
	for _, all := range whole {
		if !all {
			return false
		}
	}
	return n == 0 && err == io.EOF
}

// memoryOf is the memory of records.
func memoryOf(records []Record) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(records))), len(records)*int(unsafe.Sizeof(Record{})))
}
