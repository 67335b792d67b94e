require('next/dist/bin/next')
