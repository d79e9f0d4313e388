"""Bills of WeChat, Alipay and banks, one file per platform: whatever was exported becomes rows of money and problems."""
