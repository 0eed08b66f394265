"""What does this address say, safely? The only importer of requests, urllib3 and protego; imports errors."""
